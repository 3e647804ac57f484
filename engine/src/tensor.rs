//! Weights: matrices that multiply, tables that are looked up, vectors.

use crate::error::EngineError;
use crate::gguf::Gguf;
use candle_core::quantized::{GgmlDType, QMatMul, QStorage, QTensor};
use candle_core::{CpuStorage, Device, Module, Storage, Tensor};
use std::borrow::Cow;
use std::sync::Arc;

/// A weight matrix `(rows, columns)`, in the precision of its file.
#[derive(Clone)]
pub(crate) struct Linear {
    weight: QMatMul,
    bias: Option<Arc<Vec<f32>>>,
    rows: usize,
    columns: usize,
}

impl Linear {
    pub(crate) fn new(weight: &Arc<QTensor>, bias: Option<Vec<f32>>) -> Result<Self, EngineError> {
        let (rows, columns) = weight.shape().dims2()?;
        Ok(Linear {
            weight: QMatMul::from_arc(weight.clone())?,
            bias: bias.map(Arc::new),
            rows,
            columns,
        })
    }

    /// Writes `x · Wᵀ + b` into `out`: `x` is `(T, columns)`, `out` becomes `(T, rows)`.
    pub(crate) fn forward(&self, x: &[f32], out: &mut Vec<f32>) -> Result<(), EngineError> {
        let tokens = x.len() / self.columns;
        let input = Tensor::from_slice(x, (tokens, self.columns), &Device::Cpu)?;
        let output = self.weight.forward(&input)?;
        let (storage, layout) = output.storage_and_layout();
        let Storage::Cpu(CpuStorage::F32(values)) = &*storage else {
            return Err(EngineError::Backend("a product outside the CPU".into()));
        };
        let values = &values[layout.start_offset()..][..tokens * self.rows];
        out.clear();
        out.extend_from_slice(values);
        if let Some(bias) = &self.bias {
            for row in out.chunks_exact_mut(self.rows) {
                for (value, b) in row.iter_mut().zip(bias.iter()) {
                    *value += b;
                }
            }
        }
        Ok(())
    }
}

/// Copies the rows `ids` of a token table `(V, D)` into `out`, `(T, D)`; only these rows are expanded to f32.
pub(crate) fn look_up(table: &QTensor, ids: &[u32], out: &mut Vec<f32>) -> Result<(), EngineError> {
    let ids = Tensor::from_slice(ids, ids.len(), &Device::Cpu)?;
    let rows = table.embedding(&ids)?;
    let (storage, _) = rows.storage_and_layout();
    let Storage::Cpu(CpuStorage::F32(values)) = &*storage else {
        return Err(EngineError::Backend("a table outside the CPU".into()));
    };
    out.clear();
    out.extend_from_slice(values);
    Ok(())
}

/// Returns a quantised tensor over `bytes`; the caller has checked that they are as many as the shape needs.
pub(crate) fn quantised(
    bytes: Vec<u8>,
    kind: GgmlDType,
    rows: usize,
    columns: usize,
) -> Result<Arc<QTensor>, EngineError> {
    let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, kind)?;
    Ok(Arc::new(QTensor::new(storage, (rows, columns))?))
}

impl Gguf {
    /// Returns the matrix `name`; fails when it is missing or has another shape.
    pub(crate) fn matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Arc<QTensor>, EngineError> {
        let place = self.place(name)?;
        if (place.rows, place.columns) != (rows, columns) {
            return Err(self.damaged(format!(
                "tensor {name} has shape {} x {}, not {rows} x {columns}",
                place.rows, place.columns
            )));
        }
        quantised(self.bytes(name)?, place.kind, rows, columns)
    }

    /// Returns the matrix `name` ready to multiply, without bias.
    pub(crate) fn linear(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Linear, EngineError> {
        Linear::new(&self.matrix(name, rows, columns)?, None)
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
