//! Ids of acts and their names for people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use super::CitationError;
use crate::law::local::{LocalKind, LocalUnit};

/// The id of an act (акт): `tk`, `gk-1`, `fz-10`, `pvs-2-2004`, `order-mintrud-223n-2022`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ActId(String);

/// Codes: id, name, name in the genitive.
#[rustfmt::skip]
const CODES: [(&str, &str, &str); 14] = [
    ("tk", "ТК РФ", "ТК РФ"), ("gk-1", "ГК РФ (часть первая)", "ГК РФ"),
    ("gk-2", "ГК РФ (часть вторая)", "ГК РФ"), ("gk-3", "ГК РФ (часть третья)", "ГК РФ"),
    ("gk-4", "ГК РФ (часть четвёртая)", "ГК РФ"), ("gpk", "ГПК РФ", "ГПК РФ"), ("kas", "КАС РФ", "КАС РФ"),
    ("koap", "КоАП РФ", "КоАП РФ"), ("uk", "УК РФ", "УК РФ"), ("upk", "УПК РФ", "УПК РФ"),
    ("nk", "НК РФ", "НК РФ"), ("sk", "СК РФ", "СК РФ"), ("konst", "Конституция РФ", "Конституции РФ"),
    ("kzot-1971", "КЗоТ РСФСР 1971 г.", "КЗоТ РСФСР 1971 г."),
];

/// What ids of local acts begin with.
const LOCAL: &str = "local-";

impl ActId {
    /// Returns the id, or says what is wrong with its form.
    pub fn new(id: &str) -> Result<ActId, CitationError> {
        let word = |w: &str| {
            !w.is_empty()
                && w.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        let shaped = id.len() <= 64
            && id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.split('-').all(word);
        match shaped {
            true => Ok(ActId(id.to_owned())),
            false => Err(CitationError::Act(id.to_owned())),
        }
    }

    /// Returns the id of the Labour Code.
    pub fn tk() -> ActId {
        ActId("tk".to_owned())
    }

    /// Returns the id of a local act (локальный акт): `local-agreement-MARK`, with an end that tells what the act counts.
    ///
    /// No law has such an id. Fails where `mark` is no word of small letters and digits.
    pub fn of_local(kind: LocalKind, mark: &str, unit: LocalUnit) -> Result<ActId, CitationError> {
        let id = ActId::new(&format!("{LOCAL}{}-{mark}{}", kind.word(), unit.end()))?;
        match id.local() {
            Some((found, _, counted)) if found == kind && counted == unit => Ok(id),
            _ => Err(CitationError::Act(id.0)),
        }
    }

    /// Returns whether the id is set aside for local acts.
    pub fn is_local(&self) -> bool {
        self.0.starts_with(LOCAL)
    }

    /// Returns what a local act is; nothing for the law.
    pub fn local_kind(&self) -> Option<LocalKind> {
        Some(self.local()?.0)
    }

    /// Returns what a local act counts; nothing for the law.
    pub fn local_unit(&self) -> Option<LocalUnit> {
        Some(self.local()?.2)
    }

    /// Returns the same local act as one that counts `unit`; nothing for the law.
    pub fn counting(&self, unit: LocalUnit) -> Option<ActId> {
        let (kind, mark, _) = self.local()?;
        ActId::of_local(kind, mark, unit).ok()
    }

    fn local(&self) -> Option<(LocalKind, &str, LocalUnit)> {
        let words = self.0.strip_prefix(LOCAL)?.split('-').collect::<Vec<_>>();
        let (word, mark, unit) = match words[..] {
            [word, mark] => (word, mark, LocalUnit::Point),
            [word, mark, "st"] => (word, mark, LocalUnit::Article),
            [word, mark, "p"] => (word, mark, LocalUnit::Paragraph),
            _ => return None,
        };
        Some((LocalKind::of_word(word)?, mark, unit))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the act is divided into articles; Plenums, decrees and orders have points only.
    pub fn has_articles(&self) -> bool {
        if self.is_local() {
            return self.local_unit() == Some(LocalUnit::Article);
        }
        !["pvs-", "pp-", "ukaz-", "order-"]
            .iter()
            .any(|p| self.0.starts_with(p))
    }

    /// Returns the short name people know, in the nominative.
    pub fn russian(&self) -> String {
        self.named(Case::Nominative)
    }

    /// Returns the short name in the genitive, as it stands after «ст. 81».
    pub fn russian_genitive(&self) -> String {
        self.named(Case::Genitive)
    }

    /// Returns the short name in the dative, as it stands after «приложение № 1 к»; codes keep their genitive.
    pub fn russian_dative(&self) -> String {
        self.named(Case::Dative)
    }

    fn named(&self, case: Case) -> String {
        let pick =
            |nominative: &'static str, genitive: &'static str, dative: &'static str| match case {
                Case::Nominative => nominative,
                Case::Genitive => genitive,
                Case::Dative => dative,
            };
        if let Some((_, nominative, genitive)) = CODES.iter().find(|c| c.0 == self.0) {
            return pick(nominative, genitive, genitive).to_owned();
        }
        if let Some(kind) = self.local_kind() {
            let [nominative, genitive, dative] = kind.names();
            return pick(nominative, genitive, dative).to_owned();
        }
        let law = pick(
            "Федеральный закон",
            "Федерального закона",
            "Федеральному закону",
        );
        let ruling = pick("Постановление", "постановления", "постановлению");
        match self.0.split('-').collect::<Vec<_>>()[..] {
            ["fz", n] => format!("{law} № {n}-ФЗ"),
            ["fz", n, y] => format!("{law} № {n}-ФЗ ({y} г.)"),
            ["zrf", n, m] => format!("{} № {n}-{m}", pick("Закон РФ", "Закона РФ", "Закону РФ")),
            ["pvs", n, y] => format!("{ruling} Пленума ВС РФ № {n} ({y} г.)"),
            ["pp", n, y] => format!("{ruling} Правительства РФ № {n} ({y} г.)"),
            ["ukaz", n, y] => {
                let decree = pick("Указ", "Указа", "Указу");
                format!("{decree} Президента РФ № {n} ({y} г.)")
            }
            ["order", body, n, y] => {
                format!(
                    "{} {} № {} ({y} г.)",
                    pick("Приказ", "приказа", "приказу"),
                    body_name(body),
                    n.replace('n', "н")
                )
            }
            _ => self.0.clone(),
        }
    }
}

#[derive(Clone, Copy)]
enum Case {
    Nominative,
    Genitive,
    Dative,
}

fn body_name(body: &str) -> &str {
    match body {
        "mintrud" => "Минтруда России",
        "minzdrav" => "Минздрава России",
        "minzdravsoc" => "Минздравсоцразвития России",
        "rostrud" => "Роструда",
        other => other,
    }
}

impl fmt::Display for ActId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ActId {
    type Err = CitationError;

    fn from_str(s: &str) -> Result<ActId, CitationError> {
        ActId::new(s)
    }
}

impl<'de> Deserialize<'de> for ActId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ActId, D::Error> {
        ActId::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
