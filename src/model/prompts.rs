use crate::case::types::sha256_hex;
use minijinja::{Environment, UndefinedBehavior};
use std::collections::BTreeMap;
use std::path::Path;

const SHIPPED: [(&str, &str); 7] = [
    ("read.system", include_str!("../../prompts/read.system.md")),
    ("read.user", include_str!("../../prompts/read.user.md")),
    (
        "judge.system",
        include_str!("../../prompts/judge.system.md"),
    ),
    (
        "judge.shared",
        include_str!("../../prompts/judge.shared.md"),
    ),
    ("judge.item", include_str!("../../prompts/judge.item.md")),
    (
        "write.system",
        include_str!("../../prompts/write.system.md"),
    ),
    ("write.user", include_str!("../../prompts/write.user.md")),
];

/// What the model is told: plain files with strict variables.
pub struct Prompts {
    environment: Environment<'static>,
    sha256: String,
}

#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    #[error(
        "Подсказка {name} не читается: {reason}. Исправьте файл в папке подсказок или уберите его."
    )]
    Wrong { name: String, reason: String },
}

impl Prompts {
    /// The shipped prompts, each replaced by the file of its name (`read.user.md`) in `folder`.
    ///
    /// Fails on a file that is not a template, naming it.
    pub fn load(folder: Option<&Path>) -> Result<Self, PromptError> {
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for (name, shipped) in SHIPPED {
            let own = folder.map(|folder| folder.join(format!("{name}.md")));
            let text = match own.filter(|path| path.exists()) {
                Some(path) => std::fs::read_to_string(&path).map_err(|e| wrong(name, &e))?,
                None => shipped.to_owned(),
            };
            texts.insert(name, text);
        }
        let joined: String = texts
            .iter()
            .map(|(name, text)| format!("{name}\u{0}{text}\u{0}"))
            .collect();
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, text) in texts {
            environment
                .add_template_owned(name.to_owned(), text)
                .map_err(|e| wrong(name, &e))?;
        }
        Ok(Self {
            environment,
            sha256: sha256_hex(joined.as_bytes()),
        })
    }

    /// Hex SHA-256 over all prompts, stored with every draft.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The prompt `name` with its variables filled in; a variable that is not given is an error.
    pub fn render(&self, name: &str, variables: minijinja::Value) -> Result<String, PromptError> {
        let template = self
            .environment
            .get_template(name)
            .map_err(|e| wrong(name, &e))?;
        let text = template.render(variables).map_err(|e| wrong(name, &e))?;
        Ok(text.trim_end().to_owned())
    }
}

fn wrong(name: &str, reason: &dyn std::fmt::Display) -> PromptError {
    PromptError::Wrong {
        name: name.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_not_given_is_an_error() {
        let prompts = Prompts::load(None).unwrap();
        let error = prompts.render("read.user", minijinja::context! { question => "x" });
        assert!(error.unwrap_err().to_string().contains("read.user"));
    }

    #[test]
    fn every_prompt_renders_and_an_own_file_changes_the_hash() {
        let shipped = Prompts::load(None).unwrap();
        let text = shipped
            .render(
                "read.user",
                minijinja::context! { question => "Где отпуск?", most => 4 },
            )
            .unwrap();
        assert!(text.contains("Где отпуск?") && text.contains('4'));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("read.user.md"),
            "{{ question }} {{ most }}",
        )
        .unwrap();
        let own = Prompts::load(Some(folder.path())).unwrap();
        assert_ne!(shipped.sha256(), own.sha256());
    }
}
