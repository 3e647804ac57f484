//! Our vectors against those of the original library, on two hundred texts (see `reference/README.md`).

mod models;

use serde::Deserialize;
use soyuznik_engine::convert::{EmbeddingGemma, Precision};
use soyuznik_engine::encoder::{Encoder, Purpose};
use std::path::Path;

#[derive(Deserialize)]
struct Line {
    text: String,
    purpose: String,
    title: Option<String>,
    ids: Vec<u32>,
    scale: f32,
    vector: String,
}

impl Line {
    fn purpose(&self) -> Purpose<'_> {
        match self.purpose.as_str() {
            "query" => Purpose::Query,
            _ => Purpose::Passage {
                title: self.title.as_deref(),
            },
        }
    }

    fn vector(&self) -> Vec<f32> {
        let bytes = from_base64(&self.vector);
        bytes
            .chunks_exact(2)
            .map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) * self.scale)
            .collect()
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => u32::from(c - b'A'),
        b'a'..=b'z' => u32::from(c - b'a') + 26,
        b'0'..=b'9' => u32::from(c - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut out = Vec::new();
    for quad in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = quad.iter().fold(0, |bits, c| bits << 6 | digit(*c)) << (6 * (4 - quad.len()));
        out.extend_from_slice(&bits.to_be_bytes()[1..quad.len()]);
    }
    out
}

fn lines(name: &str) -> Vec<Line> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("reference")
        .join(name);
    let text = std::fs::read_to_string(path).expect("the reference file is in the repository");
    text.lines()
        .map(|l| serde_json::from_str(l).expect("a line of the reference"))
        .collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// Compares tokens and vectors of all texts; returns the lowest and the mean cosine.
fn compare(encoder: &Encoder, reference: &str, least: f32) -> (f32, f32) {
    let lines = lines(reference);
    assert_eq!(lines.len(), 200);
    for line in &lines {
        assert_eq!(
            encoder.tokenize(&line.text, line.purpose()),
            line.ids,
            "tokens of {:?}",
            line.text
        );
    }
    let texts: Vec<(&str, Purpose<'_>)> = lines
        .iter()
        .map(|l| (l.text.as_str(), l.purpose()))
        .collect();
    let vectors = encoder.embed(&texts).expect("the texts are encoded");
    let cosines: Vec<f32> = lines
        .iter()
        .zip(&vectors)
        .map(|(l, v)| cosine(&l.vector(), v))
        .collect();
    for (line, value) in lines.iter().zip(&cosines) {
        assert!(*value >= least, "cosine {value} for {:?}", line.text);
    }
    let lowest = cosines.iter().copied().fold(1.0, f32::min);
    let mean = cosines.iter().sum::<f32>() / cosines.len() as f32;
    println!("{reference}: lowest cosine {lowest:.5}, mean {mean:.6}");
    (lowest, mean)
}

#[test]
fn embedding_gemma_in_8_bits_agrees_with_the_original_library() {
    let Some(path) = models::file(models::EMBEDDING_GEMMA) else {
        return;
    };
    let encoder = Encoder::open_embedding_gemma(&path).expect("the model opens");
    assert_eq!((encoder.dimension(), encoder.max_tokens()), (768, 2048));
    compare(&encoder, "embedding_gemma.jsonl", 0.995);
}

#[test]
fn embedding_gemma_in_full_precision_is_the_original() {
    let Some(folder) = models::originals() else {
        return;
    };
    let out = std::env::temp_dir().join(format!("embedding-gemma-{}.gguf", std::process::id()));
    let parts = EmbeddingGemma {
        model: &folder.join("model.safetensors"),
        dense_2: &folder.join("2_Dense/model.safetensors"),
        dense_3: &folder.join("3_Dense/model.safetensors"),
        tokenizer_json: &folder.join("tokenizer.json"),
    };
    parts
        .write(&out, Precision::Full, &|_, _| {})
        .expect("the model converts");
    let encoder = Encoder::open_embedding_gemma(&out);
    std::fs::remove_file(&out).expect("the converted file is there");
    compare(
        &encoder.expect("the model opens"),
        "embedding_gemma.jsonl",
        0.9999,
    );
}

#[test]
fn e5_agrees_with_the_original_library_on_the_same_weights() {
    let Some(path) = models::file(models::E5) else {
        return;
    };
    let encoder = Encoder::open_e5_small(&path).expect("the model opens");
    assert_eq!((encoder.dimension(), encoder.max_tokens()), (384, 512));
    compare(&encoder, "e5_small.jsonl", 0.995);
}
