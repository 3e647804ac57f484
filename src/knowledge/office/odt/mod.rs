//! OpenDocument texts (odt): the paragraphs of the body.

mod body;
mod lists;
mod styles;

use lists::Lists;
use styles::Styles;

use super::document::Document;
use super::fault::OfficeFault;
use super::unzip::Archive;
use super::xml::text_of;
use crate::knowledge::laid::{Removed, RemovedWhy};

/// Reads an OpenDocument text. Fails on a password, a damaged part and one over the limits. Costs three passes over the parts.
pub(super) fn read(archive: &mut Archive) -> Result<Document, OfficeFault> {
    let manifest = archive.part("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.windows(15).any(|w| w == b"encryption-data") {
        return Err(OfficeFault::Encrypted {
            part: "content.xml".to_owned(),
        });
    }
    let Some(content) = archive.part("content.xml")? else {
        return Err(OfficeFault::NotDocument);
    };
    let content = text_of(&content, "content.xml")?;
    let own = archive.part("styles.xml")?.unwrap_or_default();
    let own = match own.is_empty() {
        true => String::new(),
        false => text_of(&own, "styles.xml")?,
    };
    let mut styles = Styles::default();
    let mut lists = Lists::default();
    for (text, part) in [(&own, "styles.xml"), (&content, "content.xml")] {
        styles.add(text, part)?;
        lists.add(text, part)?;
    }
    let mut document = body::read(&content, "content.xml", &styles, lists)?;
    // The only paragraphs in styles.xml are those of headers and footers.
    let margins = body::read(&own, "styles.xml", &styles, Lists::default())?;
    document.removed.extend(margins.removed);
    document.read.push_str(&margins.read);
    for line in margins.lines.into_iter().filter(|l| !l.text.is_empty()) {
        document.removed.push(Removed {
            why: RemovedWhy::PageFurniture,
            text: line.text.clone(),
        });
        document.margins.push(line.text);
    }
    Ok(document)
}

#[cfg(test)]
mod tests;
