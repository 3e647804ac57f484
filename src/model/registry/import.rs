use super::files::{Trust, Verified, check_size, unlike};
use super::manifest::ModelEntry;
use super::pieces::copy_hashed;
use super::pull::{Ask, Stage};
use super::{Registry, file_names};
use crate::model::ModelError;
use std::path::{Path, PathBuf};

impl Registry {
    /// Copies a model from `path`, a file or a folder that holds one, into the models folder.
    ///
    /// Without a name the file's own name tells the model. Fails with `NotFound` when it doesn't or the
    /// folder holds nothing known, with `Damaged` when the file is none of the model's artefacts: it
    /// stays where it is and isn't copied in.
    pub fn import(
        &self,
        path: &Path,
        name: Option<&str>,
        ask: &Ask<'_>,
    ) -> Result<Verified, ModelError> {
        let (model, file) = self.recognise(path, name)?;
        let metadata = std::fs::metadata(&file).map_err(|e| ModelError::disk(&file, &e))?;
        check_size(model, &file, metadata.len())?;
        let target = self.files.folder().join(&model.file);
        if same_file(&file, &target) {
            return self
                .files
                .check(model, &file, Trust::Nothing)?
                .ok_or_else(|| self.missing(model));
        }
        let _lock = self.lock()?;
        let part = self
            .files
            .folder()
            .join(format!("{}.import.part", model.file));
        let total = Some(metadata.len());
        let copied = copy_hashed(&file, &part, &|done| {
            ask.tell(model, Stage::Copy, done, total);
        });
        let taken = copied.and_then(|(_, sha256)| {
            let known = model
                .artefacts()
                .any(|a| a.known() == Some(sha256.as_str()));
            if known || (model.has_unverified() && (ask.confirm_sha256)(&sha256)) {
                self.put_in_place(model, &part, &sha256, !known)
            } else {
                Err(unlike(model, &file, &sha256))
            }
        });
        if taken.is_err() {
            // The import has failed already; that failure is the one to report.
            let _ = std::fs::remove_file(&part);
        }
        taken
    }

    /// The model and its file at `path`.
    fn recognise(
        &self,
        path: &Path,
        name: Option<&str>,
    ) -> Result<(&ModelEntry, PathBuf), ModelError> {
        let nothing = || ModelError::Missing {
            name: name.unwrap_or("с известным именем файла").to_owned(),
            remedy: format!(
                "В {} её нет. Укажите файл модели и её имя: soyuznik models import ФАЙЛ --name ИМЯ.",
                path.display()
            ),
        };
        let models: Vec<&ModelEntry> = match name {
            Some(name) => vec![self.manifest.find(name)?],
            None => self.manifest.models.iter().collect(),
        };
        if path.is_dir() {
            let found = models.into_iter().find_map(|model| {
                let mut files = file_names(model).into_iter().map(|file| path.join(file));
                files.find(|file| file.is_file()).map(|file| (model, file))
            });
            return found.ok_or_else(nothing);
        }
        if !path.is_file() {
            return Err(nothing());
        }
        let own_name = path
            .file_name()
            .and_then(|file| file.to_str())
            .unwrap_or_default();
        let model = match name {
            Some(_) => models.first().copied(),
            None => models
                .into_iter()
                .find(|model| file_names(model).contains(&own_name)),
        };
        model
            .map(|model| (model, path.to_owned()))
            .ok_or_else(nothing)
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (std::fs::canonicalize(one), std::fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
