//! Converts and measures: `measure convert ORIGINALS OUT`, `measure embed MODEL`, `measure generate MODEL`.

use soyuznik_engine::convert::embedding_gemma_to_gguf;
use soyuznik_engine::encoder::{Encoder, Purpose};
use soyuznik_engine::generator::{Cancel, Generator, Session};
use std::path::Path;
use std::time::Instant;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    soyuznik_engine::tune_allocator();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["convert", originals, out] => convert(Path::new(originals), Path::new(out)),
        ["embed", model] => embed(Path::new(model)),
        ["generate", model] => generate(Path::new(model)),
        _ => Err("measure convert ORIGINALS OUT | embed MODEL | generate MODEL".into()),
    }
}

fn convert(originals: &Path, out: &Path) -> Outcome {
    let start = Instant::now();
    embedding_gemma_to_gguf(
        &originals.join("model.safetensors"),
        &originals.join("2_Dense/model.safetensors"),
        &originals.join("3_Dense/model.safetensors"),
        &originals.join("tokenizer.json"),
        out,
        &|_, _| {},
    )?;
    println!("converted in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn embed(model: &Path) -> Outcome {
    let start = Instant::now();
    let encoder = match model.extension().and_then(|e| e.to_str()) {
        Some("gguf") => Encoder::open_embedding_gemma(model)?,
        _ => Encoder::open_e5_small(model)?,
    };
    println!(
        "{}, opened in {:.2} s",
        soyuznik_engine::kernel_class(),
        start.elapsed().as_secs_f64()
    );
    let sentence = "Работодатель обязан выплатить заработную плату не реже чем каждые полмесяца, а при задержке выплаты работник вправе приостановить работу. ";
    let passage = sentence.repeat(5);
    let question = "Сколько дней отпуска мне положено, если я работаю в районе Крайнего Севера?";
    for (name, text, count, purpose) in [
        (
            "passages",
            passage.as_str(),
            32,
            Purpose::Passage { title: None },
        ),
        ("a question", question, 1, Purpose::Query),
    ] {
        let tokens = encoder.tokenize(text, purpose).len();
        let texts = vec![(text, purpose); count];
        encoder.embed(&texts[..1])?;
        let mut best = f64::INFINITY;
        for _ in 0..3 {
            let start = Instant::now();
            encoder.embed(&texts)?;
            best = best.min(start.elapsed().as_secs_f64());
        }
        println!(
            "{name}: {tokens} tokens, {:.1} ms each, {:.0} tokens/s",
            best * 1e3 / count as f64,
            (tokens * count) as f64 / best
        );
    }
    Ok(())
}

fn generate(model: &Path) -> Outcome {
    let start = Instant::now();
    let generator = Generator::open(model)?;
    println!(
        "{}, opened in {:.2} s",
        soyuznik_engine::kernel_class(),
        start.elapsed().as_secs_f64()
    );
    let text =
        "Работодатель обязан выплатить заработную плату не реже чем каждые полмесяца. ".repeat(120);
    let tokens = generator.tokenize(&text)?;
    let cancel = Cancel::new();
    generator.feed(&mut generator.start(), &tokens[..64], &cancel)?;
    for depth in [512, 1500] {
        let mut session = generator.start();
        let start = Instant::now();
        generator.feed(&mut session, &tokens[..depth], &cancel)?;
        println!(
            "prefill {depth}: {:.1} tokens/s",
            depth as f64 / start.elapsed().as_secs_f64()
        );
        if depth == 1500 {
            for count in [4, 8, 16] {
                let took = time(&generator, &session, &tokens[..count])?;
                println!("forward of {count} at depth {depth}: {:.0} ms", took * 1e3);
            }
        }
        decode(&generator, &mut session, depth)?;
    }
    decode(&generator, &mut generator.start(), 0)
}

fn time(
    generator: &Generator,
    session: &Session,
    tokens: &[u32],
) -> Result<f64, Box<dyn std::error::Error>> {
    let mut fork = session.clone();
    generator.feed(&mut fork, &tokens[..1], &Cancel::new())?;
    let start = Instant::now();
    generator.feed(&mut fork, tokens, &Cancel::new())?;
    Ok(start.elapsed().as_secs_f64())
}

fn decode(generator: &Generator, session: &mut Session, depth: usize) -> Outcome {
    let start = Instant::now();
    for token in 100..132 {
        generator.feed(session, &[token], &Cancel::new())?;
    }
    println!(
        "decode at depth {depth}: {:.1} tokens/s",
        32.0 / start.elapsed().as_secs_f64()
    );
    Ok(())
}
