//! Conversions between model files.

mod gguf_out;
mod safetensors;
mod vocabulary;

use crate::error::{EngineError, io_error};
use candle_core::quantized::GgmlDType;
use gguf_out::{Header, Plan, Source};
use safetensors::Safetensors;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use vocabulary::Vocabulary;

/// How many layers of EmbeddingGemma there are, and their sizes: the safetensors do not say what the configuration does.
const LAYERS: usize = 24;
const WIDTH: usize = 768;
const INNER: usize = 1152;
const HEADS: usize = 3;
const HEAD_WIDTH: usize = 256;
const DENSE: usize = 3072;
const CONTEXT: u32 = 2048;
const WINDOW: u32 = 512;

/// The precision of the matrices in a converted file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Q8_0: a third of a gigabyte, the usual one.
    Eight,
    /// f32: 1.2 GB, to check the model code against its original.
    Full,
}

/// Writes EmbeddingGemma as a Q8_0 GGUF that names tensors and keys as llama.cpp does.
///
/// The same input gives the same bytes. The file appears under its name only when it is whole. `progress` is told the bytes
/// written and their total. Fails with `Missing` or `Damaged` for an input, with `Io` for the output.
pub fn embedding_gemma_to_gguf(
    model: &Path,
    dense_2: &Path,
    dense_3: &Path,
    tokenizer_json: &Path,
    out: &Path,
    progress: &dyn Fn(u64, u64),
) -> Result<(), EngineError> {
    let parts = EmbeddingGemma {
        model,
        dense_2,
        dense_3,
        tokenizer_json,
    };
    parts.write(out, Precision::Eight, progress)
}

/// The four files that EmbeddingGemma comes in.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddingGemma<'a> {
    pub model: &'a Path,
    pub dense_2: &'a Path,
    pub dense_3: &'a Path,
    pub tokenizer_json: &'a Path,
}

impl EmbeddingGemma<'_> {
    /// Does what [`embedding_gemma_to_gguf`] does, in the given precision.
    pub fn write(
        &self,
        out: &Path,
        precision: Precision,
        progress: &dyn Fn(u64, u64),
    ) -> Result<(), EngineError> {
        let vocabulary = Vocabulary::read(self.tokenizer_json)?;
        let mut header = Header::default();
        keys(&mut header, precision);
        vocabulary.write(&mut header);
        let (model, dense_2, dense_3) = (
            Safetensors::open(self.model)?,
            Safetensors::open(self.dense_2)?,
            Safetensors::open(self.dense_3)?,
        );
        let matrix = match precision {
            Precision::Eight => GgmlDType::Q8_0,
            Precision::Full => GgmlDType::F32,
        };
        let mut plan = Plan::default();
        plan.matrix(
            "token_embd",
            model.source("embed_tokens", [vocabulary.len(), WIDTH])?,
            matrix,
        );
        for n in 0..LAYERS {
            layer(&mut plan, &model, n, matrix)?;
        }
        plan.norm("output_norm", model.source("norm", [1, WIDTH])?);
        plan.matrix("dense_2", dense_2.source("linear", [DENSE, WIDTH])?, matrix);
        plan.matrix("dense_3", dense_3.source("linear", [WIDTH, DENSE])?, matrix);
        write_whole(out, |file| plan.write(&header, file, progress))
    }
}

fn layer<'a>(
    plan: &mut Plan<'a>,
    model: &'a Safetensors,
    n: usize,
    matrix: GgmlDType,
) -> Result<(), EngineError> {
    let source = |name: &str, shape| -> Result<Source<'a>, EngineError> {
        model.source(&format!("layers.{n}.{name}"), shape)
    };
    let name = |part: &str| format!("blk.{n}.{part}");
    let (queries, keys) = (HEADS * HEAD_WIDTH, HEAD_WIDTH);
    plan.norm(name("attn_norm"), source("input_layernorm", [1, WIDTH])?);
    plan.matrix(
        name("attn_q"),
        source("self_attn.q_proj", [queries, WIDTH])?,
        matrix,
    );
    plan.matrix(
        name("attn_k"),
        source("self_attn.k_proj", [keys, WIDTH])?,
        matrix,
    );
    plan.matrix(
        name("attn_v"),
        source("self_attn.v_proj", [keys, WIDTH])?,
        matrix,
    );
    plan.matrix(
        name("attn_output"),
        source("self_attn.o_proj", [WIDTH, queries])?,
        matrix,
    );
    plan.norm(
        name("attn_q_norm"),
        source("self_attn.q_norm", [1, HEAD_WIDTH])?,
    );
    plan.norm(
        name("attn_k_norm"),
        source("self_attn.k_norm", [1, HEAD_WIDTH])?,
    );
    plan.norm(
        name("post_attention_norm"),
        source("post_attention_layernorm", [1, WIDTH])?,
    );
    plan.norm(
        name("ffn_norm"),
        source("pre_feedforward_layernorm", [1, WIDTH])?,
    );
    plan.matrix(
        name("ffn_gate"),
        source("mlp.gate_proj", [INNER, WIDTH])?,
        matrix,
    );
    plan.matrix(
        name("ffn_up"),
        source("mlp.up_proj", [INNER, WIDTH])?,
        matrix,
    );
    plan.matrix(
        name("ffn_down"),
        source("mlp.down_proj", [WIDTH, INNER])?,
        matrix,
    );
    plan.norm(
        name("post_ffw_norm"),
        source("post_feedforward_layernorm", [1, WIDTH])?,
    );
    Ok(())
}

fn keys(header: &mut Header, precision: Precision) {
    let file_type = match precision {
        Precision::Eight => 7,
        Precision::Full => 0,
    };
    header.text("general.architecture", "gemma-embedding");
    header.text("general.type", "model");
    header.text("general.name", "EmbeddingGemma 300M");
    for (name, value) in [
        ("context_length", CONTEXT),
        ("embedding_length", WIDTH as u32),
        ("block_count", LAYERS as u32),
        ("feed_forward_length", INNER as u32),
        ("attention.head_count", HEADS as u32),
        ("attention.head_count_kv", 1),
        ("attention.key_length", HEAD_WIDTH as u32),
        ("attention.value_length", HEAD_WIDTH as u32),
        ("attention.sliding_window", WINDOW),
        ("pooling_type", 1),
        ("dense_2_feat_in", WIDTH as u32),
        ("dense_2_feat_out", DENSE as u32),
        ("dense_3_feat_in", DENSE as u32),
        ("dense_3_feat_out", WIDTH as u32),
    ] {
        header.number(&format!("gemma-embedding.{name}"), value);
    }
    header.real("gemma-embedding.attention.layer_norm_rms_epsilon", 1e-6);
    header.real("gemma-embedding.rope.freq_base", 1_000_000.0);
    header.real("gemma-embedding.rope.freq_base_swa", 10_000.0);
    header.number("general.file_type", file_type);
    header.number("general.quantization_version", 2);
}

/// Writes to a temporary neighbour, flushes it to the disk and gives it its name; a failure leaves nothing behind.
fn write_whole(
    out: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let failed = |e| io_error(out, e);
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let temporary = out.with_file_name(name);
    let result = (|| {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&temporary).map_err(failed)?);
        write(&mut file)?;
        file.flush().map_err(failed)?;
        file.get_ref().sync_all().map_err(failed)?;
        std::fs::rename(&temporary, out).map_err(failed)
    })();
    if result.is_err() {
        // The write has failed already; that failure is the one to report.
        let _ = std::fs::remove_file(&temporary);
    }
    result
}
