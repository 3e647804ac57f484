//! A new edition laid beside those that are held: links are found before the transaction, keys are given within it.

use super::keys::{self, Beside, Mint, joined};
use super::kinds::{self, Earlier, Keyed, Since};
use super::reviews::{self, Neighbours};
use super::rows::{self, ReviewRow};
use super::side::{Side, links};
use super::states::States;
use super::{Labelled, labelled, rekey::rekey};
use crate::law::align::Link;
use crate::law::compare::reads_the_same;
use crate::store::{Alignment, FromBasis, NewEdition, Store, StoreError};
use jiff::civil::Date;
use sqlx::AnyConnection;
use std::collections::{BTreeSet, HashMap};

/// The held editions around a new one, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store) struct Around {
    pub before: Option<String>,
    /// Another copy of the same day.
    pub copy: Option<String>,
    pub after: Option<String>,
}

/// A version with what alignment made of it.
pub(in crate::store) struct Aligned {
    pub id: String,
    pub key: String,
    /// Whether no provision has the key yet.
    pub is_fresh: bool,
    pub alignment: Alignment,
    pub since: Since,
}

/// A held edition, and its links with the new one, older side first.
struct Held {
    edition: String,
    side: Side,
    links: Vec<Link>,
}

/// A new edition and those around it. Nothing in here changes while they are held.
pub(in crate::store) struct Prepared {
    pub around: Around,
    new: Side,
    before: Option<Held>,
    copy: Option<Held>,
    after: Option<Held>,
}

/// What is to be written.
pub(in crate::store) struct Plan {
    pub versions: Vec<Aligned>,
    /// How the versions go with the nearest edition: the one before, else another copy, else the one after.
    pub told: Vec<Alignment>,
    keys: Vec<String>,
    mint: Mint,
    decided: Vec<ReviewRow>,
    before: Option<States>,
    /// With the keys that its norms are to have.
    after: Option<(States, Vec<String>)>,
}

impl Prepared {
    /// Reads the editions around a new one and aligns them with it: about a third of a second for each code.
    pub async fn new(store: &Store, new: &NewEdition, around: Around) -> Result<Self, StoreError> {
        let mut conn = store.reader().await?;
        let before = side(&mut conn, around.before.as_deref()).await?;
        let copy = side(&mut conn, around.copy.as_deref()).await?;
        let after = side(&mut conn, around.after.as_deref()).await?;
        drop(conn);
        let new = Side::of_new(new);
        let aligned = tokio::task::spawn_blocking(move || Self {
            around,
            before: before.map(|(edition, side)| Held::older(edition, side, &new)),
            copy: copy.map(|(edition, side)| Held::older(edition, side, &new)),
            after: after.map(|(edition, side)| Held {
                links: links(&new, &side),
                edition,
                side,
            }),
            new,
        });
        aligned.await.map_err(|error| StoreError::Other {
            reason: error.to_string(),
        })
    }

    /// Gives keys, kinds and first days; what was decided before holds. Reads much and writes nothing but the labels of
    /// decisions, where another copy of the edition steps back.
    pub async fn plan(
        &self,
        conn: &mut AnyConnection,
        new: &NewEdition,
    ) -> Result<Plan, StoreError> {
        let act = new.act.id.as_str();
        let before = states(conn, self.before.as_ref()).await?;
        let copy = states(conn, self.copy.as_ref()).await?;
        let after = states(conn, self.after.as_ref()).await?;
        if let Some(held) = &self.copy {
            rows::carry_over(conn, act, self.new.date, &self.renamed(held)).await?;
        }
        let decided = rows::decided(conn, act).await?;
        let mut mint = Mint::default();
        let mut keys = keys::of_new(
            self.new.texts.len(),
            beside(self.before.as_ref(), before.as_ref()),
            beside(self.copy.as_ref(), copy.as_ref()),
            beside(self.after.as_ref(), after.as_ref()),
            &mut mint,
        );
        let labels = self.new.labels();
        hold(
            conn,
            act,
            &decided,
            (self.new.date, &labels, &mut keys),
            None,
            &mut mint,
        )
        .await?;
        let mut later = None;
        if let (Some(held), Some(states)) = (&self.after, after) {
            let beside = Beside {
                links: &held.links,
                keys: &states.keys,
            };
            let mut its = keys::of_after(&keys, beside, &mut mint);
            let labels_after = held.side.labels();
            let own = Labelled {
                labels: labels.clone(),
                keys: keys.clone(),
            };
            hold(
                conn,
                act,
                &decided,
                (held.side.date, &labels_after, &mut its),
                Some((self.new.date, &own)),
                &mut mint,
            )
            .await?;
            later = Some((states, its));
        }
        let kinds = self.kinds(&keys, before.as_ref());
        let told = self.told(&keys, &kinds, copy.as_ref(), later.as_ref());
        let since = self.since(new, &keys, before.as_ref(), copy.as_ref(), later.as_ref());
        let versions = keys
            .iter()
            .zip(kinds)
            .zip(since)
            .map(|((key, alignment), since)| Aligned {
                id: uuid::Uuid::now_v7().to_string(),
                key: key.clone(),
                is_fresh: mint.made(key),
                alignment,
                since,
            })
            .collect();
        Ok(Plan {
            versions,
            told,
            keys,
            mint,
            decided,
            before,
            after: later,
        })
    }

    /// Writes what the new edition means for the one after it and for those later, and what waits for a person.
    ///
    /// Comes after the edition itself. Returns how many keys changed and how many links wait.
    pub async fn settle(
        &self,
        conn: &mut AnyConnection,
        act: &str,
        plan: Plan,
        versions: &[Aligned],
    ) -> Result<(usize, usize), StoreError> {
        let (mut rekeyed, mut waiting) = (0, 0);
        let mut mint = plan.mint;
        let own = (self.new.date, keyed(&self.new, &plan.keys));
        if let (Some(before), Some(after)) = (&self.before, &self.after) {
            reviews::forget_open(conn, act, before.side.date, after.side.date).await?;
        }
        if let (Some(held), Some(states)) = (&self.before, &plan.before) {
            let between = Neighbours {
                act,
                older: (held.side.date, keyed(&held.side, &states.keys)),
                newer: own,
                links: &held.links,
            };
            waiting += reviews::renew(conn, &between, &plan.decided).await?;
        }
        if let (Some(held), Some((states, keys))) = (&self.after, &plan.after) {
            let between = Neighbours {
                act,
                older: own,
                newer: (held.side.date, keyed(&held.side, keys)),
                links: &held.links,
            };
            waiting += reviews::renew(conn, &between, &plan.decided).await?;
            let kinds = kinds::of_edition(between.newer.1, between.older.1, &held.links);
            let since = since_after(between.newer.1, between.older.1, states, versions);
            states.update(conn, &kinds, &since).await?;
            let changes = keys::changes(&states.keys, keys);
            rekeyed = rekey(conn, act, held.side.date, changes, &mut mint).await?;
        }
        Ok((rekeyed, waiting))
    }

    /// What the labels of another copy became in the new one.
    fn renamed<'a>(&'a self, copy: &'a Held) -> HashMap<&'a str, &'a str> {
        let pairs = copy.links.iter().filter_map(joined);
        pairs
            .map(|(old, new)| {
                let (old, new) = (&copy.side.texts[old], &self.new.texts[new]);
                (old.label.as_str(), new.label.as_str())
            })
            .collect()
    }

    fn kinds(&self, keys: &[String], before: Option<&States>) -> Vec<Alignment> {
        match (&self.before, before) {
            (Some(held), Some(states)) => kinds::of_edition(
                keyed(&self.new, keys),
                keyed(&held.side, &states.keys),
                &held.links,
            ),
            _ => vec![Alignment::New; keys.len()],
        }
    }

    fn told(
        &self,
        keys: &[String],
        kinds: &[Alignment],
        copy: Option<&States>,
        after: Option<&(States, Vec<String>)>,
    ) -> Vec<Alignment> {
        let nearest = match (&self.before, &self.copy, copy, &self.after, after) {
            (Some(_), ..) => return kinds.to_vec(),
            (_, Some(held), Some(states), ..) => keyed(&held.side, &states.keys),
            (.., Some(held), Some((_, keys))) => keyed(&held.side, keys),
            _ => return kinds.to_vec(),
        };
        kinds::of_edition(keyed(&self.new, keys), nearest, &[])
    }

    /// The first day of each version: its own, else that of the same words in another copy or in the edition before.
    fn since(
        &self,
        new: &NewEdition,
        keys: &[String],
        before: Option<&States>,
        copy: Option<&States>,
        after: Option<&(States, Vec<String>)>,
    ) -> Vec<Since> {
        let before = Dated::of(self.before.as_ref(), before.map(|s| (s, &s.keys)));
        let copy = Dated::of(self.copy.as_ref(), copy.map(|s| (s, &s.keys)));
        let after = Dated::of(self.after.as_ref(), after.map(|(s, keys)| (s, keys)));
        let day = self.new.date.to_string();
        let versions = new.versions.iter().zip(keys);
        versions
            .map(|(version, key)| {
                let own = Since {
                    from: version.in_force_from.map(|day| day.to_string()),
                    basis: version.from_basis,
                };
                let known = match copy.earlier(key, &version.text) {
                    Earlier::SameWords(Some(known)) => Some(known),
                    _ => match (before.is_there(), after.earlier(key, &version.text)) {
                        (false, Earlier::SameWords(Some(known))) if known <= day.as_str() => {
                            Some(known)
                        }
                        _ => None,
                    },
                };
                match known {
                    Some(known) => kinds::since(own, Earlier::SameWords(Some(known))),
                    None => kinds::since(own, before.earlier(key, &version.text)),
                }
            })
            .collect()
    }
}

impl Held {
    fn older(edition: String, side: Side, new: &Side) -> Self {
        Self {
            links: links(&side, new),
            edition,
            side,
        }
    }
}

/// A held edition with the first days of its norms, by key.
struct Dated<'a>(Option<(&'a Side, &'a States, HashMap<&'a str, usize>)>);

impl<'a> Dated<'a> {
    fn of(held: Option<&'a Held>, states: Option<(&'a States, &'a Vec<String>)>) -> Self {
        let both = held.zip(states);
        Self(both.map(|(held, (states, keys))| {
            let places = keyed(&held.side, keys).places();
            (&held.side, states, places)
        }))
    }

    fn is_there(&self) -> bool {
        self.0.is_some()
    }

    fn earlier(&self, key: &str, text: &str) -> Earlier<'a> {
        let Some((side, states, places)) = &self.0 else {
            return Earlier::NoEdition;
        };
        match places.get(key) {
            None => Earlier::NoNorm,
            Some(at) if reads_the_same(&side.texts[*at].text, text) => {
                Earlier::SameWords(states.since[*at].from.as_deref())
            }
            Some(_) => Earlier::OtherWords,
        }
    }
}

/// The first days in the edition after the new one, now that the new one stands before it.
fn since_after(
    after: Keyed<'_>,
    new: Keyed<'_>,
    states: &States,
    versions: &[Aligned],
) -> Vec<Since> {
    let places = new.places();
    let norms = after.texts.iter().zip(after.keys).zip(&states.since);
    norms
        .map(|((text, key), held)| {
            let own = match held.basis {
                FromBasis::BetweenEditions => Since {
                    from: None,
                    basis: FromBasis::Edition,
                },
                _ => held.clone(),
            };
            let earlier = match places.get(key.as_str()) {
                None => Earlier::NoNorm,
                Some(at) if reads_the_same(&new.texts[*at].text, &text.text) => {
                    Earlier::SameWords(versions[*at].since.from.as_deref())
                }
                Some(_) => Earlier::OtherWords,
            };
            kinds::since(own, earlier)
        })
        .collect()
}

fn keyed<'a>(side: &'a Side, keys: &'a [String]) -> Keyed<'a> {
    Keyed {
        texts: &side.texts,
        keys,
    }
}

fn beside<'a>(held: Option<&'a Held>, states: Option<&'a States>) -> Option<Beside<'a>> {
    let (held, states) = held.zip(states)?;
    Some(Beside {
        links: &held.links,
        keys: &states.keys,
    })
}

async fn side(
    conn: &mut AnyConnection,
    edition: Option<&str>,
) -> Result<Option<(String, Side)>, StoreError> {
    match edition {
        Some(id) => Ok(Some((id.to_owned(), Side::load(conn, id).await?))),
        None => Ok(None),
    }
}

async fn states(
    conn: &mut AnyConnection,
    held: Option<&Held>,
) -> Result<Option<States>, StoreError> {
    match held {
        Some(held) => Ok(Some(States::load(conn, &held.edition).await?)),
        None => Ok(None),
    }
}

/// Gives an edition the keys that were decided for it; `beside` is an older edition whose keys are not written yet.
async fn hold(
    conn: &mut AnyConnection,
    act: &str,
    decided: &[ReviewRow],
    (day, labels, keys): (Date, &[String], &mut [String]),
    beside: Option<(Date, &Labelled)>,
    mint: &mut Mint,
) -> Result<(), StoreError> {
    let of_edition: Vec<&ReviewRow> = decided.iter().filter(|one| one.newer == day).collect();
    let days: BTreeSet<Date> = of_edition.iter().map(|review| review.older).collect();
    for older in days {
        let pairs: Vec<_> = of_edition
            .iter()
            .filter(|review| review.older == older)
            .map(|review| review.pair())
            .collect();
        let held = match beside {
            Some((day, own)) if day == older => Some(own.clone()),
            _ => labelled(conn, act, older).await?,
        };
        if let Some(held) = held {
            let newer = (labels, &mut *keys);
            keys::enforce(&pairs, (&held.labels, &held.keys), newer, mint);
        }
    }
    Ok(())
}
