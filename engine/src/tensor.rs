//! Weights: matrices that multiply, tables that are looked up, vectors.

use crate::error::EngineError;
use crate::gguf::Gguf;
use crate::kernels::Packed;
use crate::ops::add;
use candle_core::quantized::{GgmlDType, QMatMul, QStorage, QTensor};
use candle_core::{CpuStorage, Device, Module, Storage, Tensor};
use std::borrow::Cow;
use std::sync::Arc;

/// A weight matrix `(rows, columns)`, in the precision of its file.
pub(crate) struct Linear {
    weight: Weight,
    bias: Option<Vec<f32>>,
    rows: usize,
    columns: usize,
}

enum Weight {
    /// A format with kernels of ours.
    Tiles(Packed),
    /// Any other, multiplied by the tensor library.
    Library(QMatMul),
}

impl Linear {
    /// Returns the matrix over the file's `bytes`, which are as many as the shape needs.
    pub(crate) fn new(
        bytes: &[u8],
        kind: GgmlDType,
        (rows, columns): (usize, usize),
        bias: Option<Vec<f32>>,
    ) -> Result<Self, EngineError> {
        let weight = match Packed::new(bytes, kind, rows, columns) {
            Some(tiles) => Weight::Tiles(tiles),
            None => Weight::Library(QMatMul::from_arc(quantised(bytes, kind, rows, columns)?)?),
        };
        Ok(Linear {
            weight,
            bias,
            rows,
            columns,
        })
    }

    /// Writes `x · Wᵀ + b` into `out`: `x` is `(T, columns)`, `out` becomes `(T, rows)`.
    pub(crate) fn forward(&self, x: &[f32], out: &mut Vec<f32>) -> Result<(), EngineError> {
        match &self.weight {
            Weight::Tiles(tiles) => tiles.product(x, out),
            Weight::Library(matrix) => {
                let input =
                    Tensor::from_slice(x, (x.len() / self.columns, self.columns), &Device::Cpu)?;
                copy_out(&matrix.forward(&input)?, out)?;
            }
        }
        if let Some(bias) = &self.bias {
            for row in out.chunks_exact_mut(self.rows) {
                add(row, bias);
            }
        }
        Ok(())
    }
}

/// Copies a contiguous f32 tensor of the CPU.
fn copy_out(tensor: &Tensor, out: &mut Vec<f32>) -> Result<(), EngineError> {
    let (storage, layout) = tensor.storage_and_layout();
    let Storage::Cpu(CpuStorage::F32(values)) = &*storage else {
        return Err(EngineError::Backend("a tensor outside the CPU".into()));
    };
    out.clear();
    out.extend_from_slice(&values[layout.start_offset()..][..tensor.elem_count()]);
    Ok(())
}

/// Copies the rows `ids` of a token table `(V, D)` into `out`, `(T, D)`; only these rows are expanded to f32.
pub(crate) fn look_up(table: &QTensor, ids: &[u32], out: &mut Vec<f32>) -> Result<(), EngineError> {
    let ids = Tensor::from_slice(ids, ids.len(), &Device::Cpu)?;
    copy_out(&table.embedding(&ids)?, out)
}

/// Returns a quantised tensor over `bytes`; the caller has checked that they are as many as the shape needs.
pub(crate) fn quantised(
    bytes: &[u8],
    kind: GgmlDType,
    rows: usize,
    columns: usize,
) -> Result<Arc<QTensor>, EngineError> {
    let storage = QStorage::from_data(Cow::Borrowed(bytes), &Device::Cpu, kind)?;
    Ok(Arc::new(QTensor::new(storage, (rows, columns))?))
}

impl Gguf {
    /// Calls `take` with the bytes and the type of a tensor; fails when it is missing or has another shape.
    fn checked<T>(
        &self,
        name: &str,
        (rows, columns): (usize, usize),
        take: impl FnOnce(&[u8], GgmlDType) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let place = self.place(name)?;
        if (place.rows, place.columns) != (rows, columns) {
            return Err(self.damaged(format!(
                "tensor {name} has shape {} x {}, not {rows} x {columns}",
                place.rows, place.columns
            )));
        }
        self.with_bytes(name, |bytes| take(bytes, place.kind))?
    }

    /// Returns the matrix `name` to look rows up; fails when it is missing or has another shape.
    pub(crate) fn matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Arc<QTensor>, EngineError> {
        self.checked(name, (rows, columns), |bytes, kind| {
            quantised(bytes, kind, rows, columns)
        })
    }

    /// Returns the matrix `name` ready to multiply; fails when it is missing or has another shape.
    pub(crate) fn linear(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Linear, EngineError> {
        let shape = (rows, columns);
        self.checked(name, shape, |bytes, kind| {
            Linear::new(bytes, kind, shape, None)
        })
    }

    /// Returns the matrix `name.weight` with the bias `name.bias`.
    pub(crate) fn linear_with_bias(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Linear, EngineError> {
        let bias = self.vector(&format!("{name}.bias"), rows)?;
        let shape = (rows, columns);
        self.checked(&format!("{name}.weight"), shape, |bytes, kind| {
            Linear::new(bytes, kind, shape, Some(bias))
        })
    }

    /// Returns the vector `name` in f32; fails when it is missing, of another length or not finite.
    pub(crate) fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, EngineError> {
        let matrix = self.matrix(name, 1, length)?;
        let values: Vec<f32> = matrix
            .dequantize(&Device::Cpu)?
            .flatten_all()?
            .to_vec1::<f32>()?;
        if values.iter().any(|v| !v.is_finite()) {
            return Err(self.damaged(format!("tensor {name} holds values that are not numbers")));
        }
        Ok(values)
    }
}
