//! A long act in pages: kept on disk until all are there, then one text.

use std::path::{Path, PathBuf};

use super::{KnowledgeError, charset, fault};

/// More pages than any act has: what never ends is no act.
pub(super) const MOST: usize = 2_000;

/// The pages of one act that came, the first to the last without a gap.
pub(super) struct KeptPages {
    folder: Option<PathBuf>,
    pages: Vec<Vec<u8>>,
}

impl KeptPages {
    /// The pages that an earlier pull left in its folder below `root`; fails where the folder can't be made or read.
    pub(super) fn open(root: Option<&Path>, nd: u64) -> Result<KeptPages, KnowledgeError> {
        let mut kept = KeptPages {
            folder: root.map(|root| root.join(nd.to_string())),
            pages: Vec::new(),
        };
        if let Some(folder) = &kept.folder {
            std::fs::create_dir_all(folder).map_err(|e| at(folder, e))?;
            while let Ok(bytes) = std::fs::read(place(folder, kept.pages.len() + 1)) {
                kept.pages.push(bytes);
            }
        }
        Ok(kept)
    }

    /// Goes on after what is kept where `first` is its first page; else begins anew.
    pub(super) fn begin(&mut self, first: Vec<u8>) -> Result<(), KnowledgeError> {
        let same = self
            .pages
            .first()
            .is_some_and(|kept| content(kept) == content(&first));
        if same {
            return Ok(());
        }
        self.clear()?;
        self.push(first)
    }

    pub(super) fn len(&self) -> usize {
        self.pages.len()
    }

    /// Whether a page says what the last one said: the portal does so past the end.
    pub(super) fn repeats(&self, page: &[u8]) -> bool {
        self.pages
            .last()
            .is_some_and(|last| content(last) == content(page))
    }

    /// Adds the next page; on disk it is whole or not there.
    pub(super) fn push(&mut self, page: Vec<u8>) -> Result<(), KnowledgeError> {
        if let Some(folder) = &self.folder {
            std::fs::create_dir_all(folder).map_err(|e| at(folder, e))?;
            let path = place(folder, self.pages.len() + 1);
            let part = path.with_extension("part");
            std::fs::write(&part, &page).map_err(|e| at(&part, e))?;
            std::fs::rename(&part, &path).map_err(|e| at(&path, e))?;
        }
        self.pages.push(page);
        Ok(())
    }

    /// Forgets all pages.
    pub(super) fn clear(&mut self) -> Result<(), KnowledgeError> {
        self.pages.clear();
        match &self.folder {
            Some(folder) if folder.exists() => {
                std::fs::remove_dir_all(folder).map_err(|e| at(folder, e))
            }
            _ => Ok(()),
        }
    }

    /// The texts of all pages in one page, utf-8.
    pub(super) fn joined(&self) -> Vec<u8> {
        let mut html = String::from(
            "<html><head><meta charset=\"utf-8\"></head><body><div id=\"text_content\">\n",
        );
        for page in &self.pages {
            html.push_str(&content(page));
            html.push('\n');
        }
        html.push_str("</div></body></html>\n");
        html.into_bytes()
    }
}

fn place(folder: &Path, page: usize) -> PathBuf {
    folder.join(format!("page-{page:04}.html"))
}

fn at(path: &Path, source: std::io::Error) -> KnowledgeError {
    KnowledgeError::Io {
        path: path.to_owned(),
        source,
    }
}

/// What stands in the page's `div#text_content`, decoded; the whole page where it has none.
fn content(page: &[u8]) -> String {
    let text = charset::decode(page).unwrap_or_default();
    let inner = match text.rfind("id=\"text_content\"") {
        Some(at) => text[at..].split_once('>').map_or("", |(_, inner)| inner),
        None => &text,
    };
    let end = inner.find("</body>").unwrap_or(inner.len());
    inner[..end].trim().to_owned()
}

/// A page of an act, or what it is instead; a page in the middle of a long article names no article.
pub(super) fn checked(bytes: Vec<u8>, url: &str) -> Result<Vec<u8>, KnowledgeError> {
    let name = || url.to_owned();
    let Some(text) = charset::decode(&bytes) else {
        return Err(KnowledgeError::Binary { name: name() });
    };
    let inner = content(&bytes);
    let says_something = inner
        .split('<')
        .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
        .any(|text| !text.replace("&nbsp;", "").trim().is_empty());
    if !says_something {
        return Err(KnowledgeError::Empty { name: name() });
    }
    if inner.contains("Статья") {
        return Ok(bytes);
    }
    match fault::of_page(&inner, url) {
        KnowledgeError::NotLaw { .. } if text.contains("id=\"text_content\"") => Ok(bytes),
        error => Err(error),
    }
}
