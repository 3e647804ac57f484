//! Data files that the binary carries and that a folder in the settings overrides.

use super::KnowledgeError;
use std::path::Path;

/// Parses the file of this name in `folder`, or the one that the binary carries where the folder has none.
///
/// `parse` takes the file's name for its messages, and the text. Fails as it does, and on a file that cannot be read.
pub(super) fn of_folder<T>(
    folder: Option<&Path>,
    name: &str,
    embedded: &str,
    parse: impl FnOnce(&str, &str) -> Result<T, KnowledgeError>,
) -> Result<T, KnowledgeError> {
    let path = folder.map(|folder| folder.join(name));
    let Some(path) = path.filter(|path| path.exists()) else {
        return parse(&format!("knowledge-base/{name}"), embedded);
    };
    let text = std::fs::read_to_string(&path).map_err(|source| KnowledgeError::Io {
        path: path.clone(),
        source,
    })?;
    parse(&path.to_string_lossy(), &text)
}
