//! Zip archives, unpacked within bounds.

use std::io::{Cursor, Read};

use encoding_rs::IBM866;
use zip::ZipArchive;
use zip::result::ZipError;

use super::fault::OfficeFault;

const MEGABYTE: u64 = 1 << 20;
/// The most that one member may unpack to.
const MEMBER_LIMIT_MB: u64 = 64;
/// The most that all members together may unpack to.
const TOTAL_LIMIT_MB: u64 = 256;
/// The most members that are looked at.
const MEMBER_COUNT_LIMIT: usize = 4096;

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name, with `/` between folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An open archive that counts what it unpacked.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    unpacked: u64,
}

impl<'a> Archive<'a> {
    /// Opens an archive. Fails where the bytes are no zip or list too many members; unpacks nothing yet.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Archive<'a>, OfficeFault> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken("zip", &e))?;
        if zip.len() > MEMBER_COUNT_LIMIT {
            return Err(OfficeFault::TooMany {
                part: "zip".to_owned(),
                what: "файлов",
                limit: MEMBER_COUNT_LIMIT,
            });
        }
        Ok(Archive { zip, unpacked: 0 })
    }

    /// Returns the bytes of a part, or nothing where the archive has none of that name. Fails on a password, a damaged part and a
    /// part over the limits; never holds more than the limit in memory.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, OfficeFault> {
        match self.zip.index_for_name(name) {
            Some(index) => self.unpack(index, name).map(Some),
            None => Ok(None),
        }
    }

    /// Returns the names of the parts that begin with `start` and end with `end`, sorted.
    pub(super) fn names(&self, start: &str, end: &str) -> Vec<String> {
        let mut names = self
            .zip
            .file_names()
            .filter_map(Result::ok)
            .filter(|n| n.starts_with(start) && n.ends_with(end))
            .map(std::borrow::Cow::into_owned)
            .collect::<Vec<_>>();
        names.sort_unstable();
        names
    }

    fn unpack(&mut self, index: usize, name: &str) -> Result<Vec<u8>, OfficeFault> {
        let member_limit = MEMBER_LIMIT_MB * MEGABYTE;
        let left = (TOTAL_LIMIT_MB * MEGABYTE).saturating_sub(self.unpacked);
        let limit = member_limit.min(left);
        let mut file = self
            .zip
            .by_index(index)
            .map_err(|e| broken(name, &e))?
            .take(limit + 1);
        // The size that the header declares may lie, so it is no reason to allocate.
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|e| OfficeFault::Broken {
                part: name.to_owned(),
                what: e.to_string(),
            })?;
        if bytes.len() as u64 > limit {
            let limit_mb = if limit == member_limit {
                MEMBER_LIMIT_MB
            } else {
                TOTAL_LIMIT_MB
            };
            return Err(OfficeFault::TooLarge {
                part: name.to_owned(),
                limit_mb,
            });
        }
        self.unpacked += bytes.len() as u64;
        Ok(bytes)
    }
}

/// Returns the files of a zip archive in its order, folders left out.
///
/// Fails on names that lead out of the folder, on archives in the archive (office documents are none), on passwords, on damage, and
/// beyond 4096 members, 64 MB a member or 256 MB in all. Holds all the bytes in memory.
pub fn members(bytes: &[u8]) -> Result<Vec<Member>, OfficeFault> {
    let mut archive = Archive::open(bytes)?;
    let mut out = Vec::new();
    for index in 0..archive.zip.len() {
        let file = archive
            .zip
            .by_index_data(index)
            .map_err(|e| broken("zip", &e))?;
        let (name, is_folder, is_link) =
            (name_of(file.name_raw()), file.is_dir(), file.is_symlink());
        if is_link || !is_safe(&name) {
            return Err(OfficeFault::Unsafe { part: name });
        }
        if is_folder || is_litter(&name) {
            continue;
        }
        let bytes = archive.unpack(index, &name)?;
        if is_nested(&bytes) {
            return Err(OfficeFault::Nested { part: name });
        }
        out.push(Member { name, bytes });
    }
    Ok(out)
}

/// Windows writes Russian names in code page 866.
fn name_of(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => IBM866.decode_without_bom_handling(raw).0.into_owned(),
    };
    name.replace('\\', "/")
}

fn is_safe(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':');
    !name.is_empty()
        && !drive
        && !name.starts_with('/')
        && !name.chars().any(char::is_control)
        && name.split('/').all(|piece| piece != "..")
}

/// What macOS and Windows add by themselves.
fn is_litter(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/") || matches!(last, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// Zip that is no office document, 7z, rar, gzip.
fn is_nested(bytes: &[u8]) -> bool {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return super::kind(bytes).is_err();
    }
    starts(b"7z\xbc\xaf\x27\x1c") || starts(b"Rar!\x1a\x07") || starts(b"\x1f\x8b")
}

fn broken(part: &str, error: &ZipError) -> OfficeFault {
    let what = error.to_string();
    match what.to_lowercase().contains("password") {
        true => OfficeFault::Encrypted {
            part: part.to_owned(),
        },
        false => OfficeFault::Broken {
            part: part.to_owned(),
            what,
        },
    }
}

#[cfg(test)]
#[path = "unzip_tests.rs"]
mod tests;
