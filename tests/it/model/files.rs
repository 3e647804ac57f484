//! What the tests of the registry share, and the tests of files that lie on the disk already.

use sha2::{Digest, Sha256};
use soyuznik::config::Config;
use soyuznik::model::ModelError;
use soyuznik::model::registry::{Ask, Consent, FileState, Manifest, Registry};
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Bytes that no two places have alike, so that a wrong join shows.
pub fn content(length: usize) -> Vec<u8> {
    (0..length as u32)
        .flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes())
        .take(length)
        .collect()
}

/// A manifest of one generator called `small`, with these sources.
pub fn manifest(sources: &str) -> Manifest {
    let head = r#"
[[model]]
name = "small"
purpose = "generator"
file = "small.gguf"
format = "gguf"
runs = "engine"
context_tokens = 8
template = "chatml"
mode = "select"
memory_mb = 1
language = "нет"
licence = { name = "MIT", url = "https://example.org/mit", summary = "Можно всё." }
"#;
    Manifest::parse(&format!("{head}{sources}"), "test.toml").unwrap()
}

pub fn hub_source(bytes: &[u8]) -> String {
    hub_source_with(&format!(
        "bytes = {}, sha256 = \"{}\"",
        bytes.len(),
        sha256(bytes)
    ))
}

pub fn hub_source_with(artefact: &str) -> String {
    format!(
        "[[model.source]]\nkind = \"hub\"\nrepo = \"some/small\"\nfile = \"Small.gguf\"\n\
         revision = \"main\"\nartefact = {{ {artefact} }}\n"
    )
}

pub struct Desk {
    pub folder: TempDir,
    pub config: Config,
}

impl Desk {
    pub fn new(hub_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            data_dir: folder.path().join("data"),
            ..Config::default()
        };
        config.model.hub_url = hub_url.to_owned();
        std::fs::create_dir_all(config.models_dir()).unwrap();
        Self { folder, config }
    }

    /// A registry without any pip client on its path.
    pub fn registry(&self, sources: &str) -> Registry {
        let programs = self.folder.path().join("no-programs");
        Registry::new(&self.config, manifest(sources)).with_programs_in(programs)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> std::path::PathBuf {
        let path = self.config.models_dir().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// An answer to everything: the licence is accepted, no unknown checksum is.
pub fn ask() -> Ask<'static> {
    Ask {
        licence: Consent::Given,
        progress: &|_| {},
        confirm_sha256: &|_| false,
    }
}

fn state(registry: &Registry) -> FileState {
    registry.list().remove(0).state
}

fn age(path: &Path, seconds: u64) {
    let time = SystemTime::now() - Duration::from_secs(seconds);
    std::fs::File::options()
        .append(true)
        .open(path)
        .unwrap()
        .set_modified(time)
        .unwrap();
}

#[test]
fn a_truncated_file_is_named_with_the_remedy_and_never_given_out() {
    let desk = Desk::new("http://127.0.0.1:9");
    let whole = content(5000);
    let registry = desk.registry(&hub_source(&whole));
    let error = registry.locate("small").unwrap_err();
    assert!(matches!(error, ModelError::Missing { .. }));
    assert_eq!(error.exit_code(), 3);
    let path = desk.write("small.gguf", &whole[..4000]);
    let error = registry.locate("small").unwrap_err();
    assert_eq!(error.exit_code(), 5);
    let message = error.to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(
        message.contains("4000") && message.contains("5000"),
        "{message}"
    );
    assert!(message.contains("soyuznik models pull small"), "{message}");
    assert!(matches!(state(&registry), FileState::Damaged { .. }));
}

#[test]
fn a_flipped_bit_is_found_also_after_the_file_was_known_good() {
    let desk = Desk::new("http://127.0.0.1:9");
    let mut bytes = content(5000);
    let registry = desk.registry(&hub_source(&bytes));
    let path = desk.write("small.gguf", &bytes);
    age(&path, 60);
    assert_eq!(
        state(&registry),
        FileState::Unchecked { path: path.clone() }
    );
    assert_eq!(registry.locate("small").unwrap().sha256, sha256(&bytes));
    assert!(matches!(state(&registry), FileState::Ready { .. }));
    bytes[2500] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let error = registry.locate("small").unwrap_err();
    assert!(matches!(error, ModelError::Damaged { .. }), "{error}");
    // Even with the time of the good file put back, a full check finds it.
    age(&path, 60);
    assert!(registry.verify("small").is_err());
}

#[test]
fn a_second_start_does_not_read_the_file_again() {
    let desk = Desk::new("http://127.0.0.1:9");
    let bytes = content(5000);
    let path = desk.write("small.gguf", &bytes);
    let time = std::fs::metadata(&path).unwrap().modified().unwrap();
    assert!(desk.registry(&hub_source(&bytes)).locate("small").is_ok());
    // Same size, same time, other bytes: only a file that isn't read can still pass.
    std::fs::write(&path, vec![0; 5000]).unwrap();
    std::fs::File::options()
        .append(true)
        .open(&path)
        .unwrap()
        .set_modified(time)
        .unwrap();
    let again = desk.registry(&hub_source(&bytes));
    assert_eq!(again.locate("small").unwrap().sha256, sha256(&bytes));
    assert!(again.verify("small").is_err());
}

#[test]
fn a_whole_file_in_a_given_folder_is_used_where_it_lies() {
    let mut desk = Desk::new("http://127.0.0.1:9");
    let bytes = content(5000);
    let shelf = desk.folder.path().join("shelf");
    std::fs::create_dir(&shelf).unwrap();
    // Under the name that the hub gives it.
    std::fs::write(shelf.join("Small.gguf"), &bytes).unwrap();
    desk.config.model.folders = vec![shelf.clone()];
    desk.write("small.gguf", &bytes[..10]);
    let registry = desk.registry(&hub_source(&bytes));
    assert_eq!(
        registry.locate("small").unwrap().path,
        shelf.join("Small.gguf")
    );
    assert_eq!(
        registry.pull("small", &ask()).unwrap().file.path,
        shelf.join("Small.gguf")
    );
}

#[test]
fn an_import_copies_a_whole_file_and_refuses_a_truncated_one() {
    let desk = Desk::new("http://127.0.0.1:9");
    let bytes = content(5000);
    let registry = desk.registry(&hub_source(&bytes));
    let outside = desk.folder.path().join("flash");
    std::fs::create_dir(&outside).unwrap();
    let file = outside.join("Small.gguf");
    std::fs::write(&file, &bytes[..4999]).unwrap();
    let error = registry.import(&file, Some("small"), &ask()).unwrap_err();
    assert!(matches!(error, ModelError::Damaged { .. }), "{error}");
    assert!(file.exists() && !desk.config.models_dir().join("small.gguf").exists());

    let mut flipped = bytes.clone();
    flipped[7] ^= 4;
    std::fs::write(&file, &flipped).unwrap();
    let error = registry.import(&file, None, &ask()).unwrap_err();
    assert!(error.to_string().contains(&sha256(&flipped)), "{error}");
    let left: Vec<_> = std::fs::read_dir(desk.config.models_dir())
        .unwrap()
        .collect();
    assert!(
        left.iter()
            .all(|entry| { entry.as_ref().unwrap().file_name() == "pull.lock" })
    );

    std::fs::write(&file, &bytes).unwrap();
    let taken = registry.import(&outside, None, &ask()).unwrap();
    assert_eq!(taken.path, desk.config.models_dir().join("small.gguf"));
    assert_eq!(std::fs::read(taken.path).unwrap(), bytes);
    let error = registry
        .import(&outside, Some("other"), &ask())
        .unwrap_err();
    assert_eq!(error.exit_code(), 3);
}

#[test]
fn a_file_of_unknown_checksum_is_taken_once_a_person_says_so() {
    let desk = Desk::new("http://127.0.0.1:9");
    let bytes = content(300);
    let registry = desk.registry(&hub_source_with("sha256 = \"unverified\""));
    let path = desk.write("small.gguf", &bytes);
    assert!(registry.locate("small").is_err());
    assert!(registry.pull("small", &ask()).is_err());
    let seen = std::cell::RefCell::new(String::new());
    let yes = Ask {
        confirm_sha256: &|sha256| {
            seen.replace(sha256.to_owned());
            true
        },
        ..ask()
    };
    registry.pull("small", &yes).unwrap();
    assert_eq!(*seen.borrow(), sha256(&bytes));
    // Touched, read again, still the confirmed bytes; other bytes are not.
    age(&path, 60);
    assert_eq!(registry.locate("small").unwrap().sha256, sha256(&bytes));
    std::fs::write(&path, content(301)).unwrap();
    assert!(registry.locate("small").is_err());
}

#[test]
fn a_models_toml_in_the_data_folder_replaces_the_shipped_one() {
    let desk = Desk::new("http://127.0.0.1:9");
    std::fs::write(
        desk.config.data_dir.join("models.toml"),
        "[[model]]\nnmae = 1\n",
    )
    .unwrap();
    let error = Registry::open(&desk.config).err().unwrap();
    assert!(error.to_string().contains("nmae"), "{error}");
    std::fs::remove_file(desk.config.data_dir.join("models.toml")).unwrap();
    let registry = Registry::open(&desk.config).unwrap();
    assert!(registry.entry("embeddinggemma-300m").is_ok());
}
