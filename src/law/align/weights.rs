//! What each figure of a pair weighs.

use super::model::Figures;

/// Weights for parts, points and paragraphs.
///
/// A conditional logistic regression over hand-marked provisions of the Labour Code: the right partner, or none, against every
/// other candidate. Held near plain guesses (weights of 1 to 3), since the marked cases are few.
pub(super) const INNER: Figures = Figures {
    words: 2.97,
    pairs: 2.75,
    held: 1.32,
    head: 1.22,
    full: 1.47,
    exact: 2.00,
    evidence: 1.39,
    parent: 1.04,
    left: 1.09,
    right: 1.72,
    label: 1.32,
    number: 0.52,
    affinity: 0.78,
    article: 0.29,
    added: -1.00,
    reworded: 0.30,
    lead: 3.04,
    inner: 1.01,
    dead: 0.62,
    among: 0.21,
    crossed: -0.18,
};
/// What is taken off such a pair.
pub(super) const INNER_BIAS: f32 = -6.23;

/// Weights for whole articles.
pub(super) const ARTICLE: Figures = Figures {
    words: 0.98,
    pairs: 2.03,
    held: 0.99,
    head: 0.0,
    full: 3.08,
    exact: 1.00,
    evidence: 0.0,
    parent: 0.0,
    left: 0.0,
    right: 0.0,
    label: 1.98,
    number: 0.0,
    affinity: 3.28,
    article: 0.0,
    added: -1.00,
    reworded: 0.0,
    lead: 1.69,
    inner: 1.25,
    dead: 0.0,
    among: 0.0,
    crossed: 0.0,
};
/// What is taken off such a pair.
pub(super) const ARTICLE_BIAS: f32 = -4.30;
