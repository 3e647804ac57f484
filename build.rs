//! Writes the tables that embed `knowledge-base/` into the binary.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const SITUATIONS: &str = "digest/situations";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    // Cargo looks through the folder, so a new file counts as a change.
    println!("cargo:rerun-if-changed=knowledge-base");
    // A path that is not there would rerun this on every build.
    if let Some(watched) = ["evals/digest", "evals"]
        .into_iter()
        .find(|p| root.join(p).exists())
    {
        println!("cargo:rerun-if-changed={watched}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    let base = root.join("knowledge-base");
    for (folder, table) in [
        ("digest", "digest.rs"),
        ("calendars", "calendars.rs"),
        ("deadlines", "deadlines.rs"),
        ("rates", "rates.rs"),
        (SITUATIONS, "situations.rs"),
        ("glossary", "glossary.rs"),
    ] {
        let mut files = Vec::new();
        collect(&base.join(folder), &mut files)?;
        // Situations lie beside the articles of the digest, in a form of their own.
        files.retain(|file| folder != "digest" || !file.starts_with(base.join(SITUATIONS)));
        files.sort();
        let mut code = String::from("&[\n");
        for file in &files {
            let name = file
                .strip_prefix(&base)
                .unwrap_or(file)
                .to_string_lossy()
                .replace('\\', "/");
            let _ = writeln!(
                code,
                "    ({name:?}, include_str!({:?})),",
                file.to_string_lossy()
            );
        }
        code.push_str("]\n");
        fs::write(out.join(table), code)?;
    }
    let sources = base.join("sources.toml");
    let outside = base.join("outside.toml");
    let asked = base.join("asked.toml");
    let together = base.join("together.toml");
    let term_changes = base.join("term-changes.toml");
    let reads = root.join("evals/digest/reads.jsonl");
    for (file, table) in [
        (&sources, "sources.rs"),
        (&outside, "outside.rs"),
        (&asked, "asked.rs"),
        (&together, "together.rs"),
        (&term_changes, "term_changes.rs"),
        (&reads, "reads.rs"),
    ] {
        let code = match file.exists() {
            true => format!("include_str!({:?})\n", file.to_string_lossy()),
            false => "\"\"\n".to_owned(),
        };
        fs::write(out.join(table), code)?;
    }
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
