use serde::{Deserialize, Serialize};

/// What is known of one candidate before it is chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// Cosine of question and statement or norm; 0 when searched by words alone.
    pub cosine: f32,
    /// Its article's fused score less the best article's (≤ 0).
    pub behind: f32,
    /// Place of its article, from 0.
    pub rank: f32,
    /// The highest cosine of the question or one of its pieces.
    pub piece: f32,
    /// Highest cosine of the question or one of its pieces with a question that the article's digest holds.
    pub asked_piece: f32,
    /// Cosine less the best candidate's (≤ 0).
    pub below_best: f32,
    /// Cosine less the best one's of the same article (≤ 0).
    pub below_own: f32,
    /// Place among its article's candidates by cosine, from 0.
    pub place: f32,
    /// Highest cosine of the question or one of its pieces with a question that this statement answers; 0 for a
    /// norm and where nobody wrote one.
    #[serde(default)]
    pub answers: f32,
    /// 1 when the question names the candidate's article itself.
    pub named: f32,
    /// The model's p(«да»); `None` without a model.
    pub judged: Option<f32>,
}

/// What is known of a question before the desk decides to speak at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct QuestionFeatures {
    /// Mean of the three highest cosines of a candidate with the question or one of its pieces.
    pub nearest: f32,
    /// Mean of the three highest cosines of the question or one of its pieces with a question that a candidate answers.
    #[serde(default)]
    pub asked: f32,
    /// Natural logarithm of the question's length in characters: a long story lies farther from every norm.
    pub length: f32,
    /// Highest cosine with anything the acts hold less that with a topic outside them.
    pub inside: f32,
    /// Whether the question names an article.
    pub named: bool,
}

/// Logistic weights of the decision to speak, fitted by `evals/calibrate.py` on the development questions only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speaking {
    pub bias: f32,
    pub nearest: f32,
    pub asked: f32,
    pub length: f32,
    pub inside: f32,
    /// Below this probability the desk keeps silent.
    pub at: f32,
}

impl Speaking {
    /// The probability that the acts answer the question.
    pub fn probability(&self, features: &QuestionFeatures) -> f32 {
        let z = self.bias
            + self.nearest * features.nearest
            + self.asked * features.asked
            + self.length * features.length
            + self.inside * features.inside;
        1.0 / (1.0 + (-z).exp())
    }

    /// Whether the desk says anything.
    pub fn speaks(&self, features: &QuestionFeatures) -> bool {
        features.named || self.probability(features) >= self.at
    }
}

/// Logistic weights, fitted by `evals/calibrate.py` on the development questions only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    pub bias: f32,
    pub behind: f32,
    pub rank: f32,
    pub piece: f32,
    pub asked_piece: f32,
    pub below_best: f32,
    pub below_own: f32,
    pub place: f32,
    pub answers: f32,
    pub named: f32,
    /// Weight of the judge's log-odds.
    pub judged: f32,
    /// A candidate below this probability is not said, unless it is the best one.
    pub say: f32,
    /// A candidate this much less probable than the best one is not said.
    pub near_best: f32,
}

/// The calibrations: whether to speak, and what to say with a judge and without.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibrations {
    pub speaking: Speaking,
    pub judged: Calibration,
    pub alone: Calibration,
}

const SHIPPED: &str = include_str!("../../evals/calibration.toml");

impl Calibrations {
    /// The shipped figures.
    ///
    /// Fails only when the shipped file is broken, which a test rules out.
    pub fn shipped() -> Result<Self, toml::de::Error> {
        toml::from_str(SHIPPED)
    }
}

impl Calibration {
    /// The probability that the candidate answers the question.
    pub fn probability(&self, features: &Features) -> f32 {
        let judged = features.judged.map_or(0.0, |p| {
            let p = p.clamp(1e-4, 1.0 - 1e-4);
            self.judged * (p / (1.0 - p)).ln()
        });
        let z = self.bias
            + self.behind * features.behind
            + self.rank * features.rank
            + self.piece * features.piece
            + self.asked_piece * features.asked_piece
            + self.below_best * features.below_best
            + self.below_own * features.below_own
            + self.place * features.place
            + self.answers * features.answers
            + self.named * features.named
            + judged;
        1.0 / (1.0 + (-z).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_figures_read_and_a_closer_candidate_is_likelier() {
        let figures = Calibrations::shipped().unwrap();
        for calibration in [&figures.judged, &figures.alone] {
            let near = Features {
                cosine: 0.7,
                piece: 0.7,
                asked_piece: 0.8,
                ..Default::default()
            };
            let far = Features {
                cosine: 0.3,
                piece: 0.3,
                asked_piece: 0.3,
                behind: -4.0,
                rank: 4.0,
                ..Default::default()
            };
            assert!(calibration.probability(&near) > calibration.probability(&far));
        }
    }

    #[test]
    fn a_question_about_something_else_is_met_with_silence_unless_it_names_an_article() {
        let speaking = Calibrations::shipped().unwrap().speaking;
        let near = QuestionFeatures {
            nearest: 0.75,
            asked: 0.75,
            length: 4.5,
            inside: 0.3,
            named: false,
        };
        let far = QuestionFeatures {
            nearest: 0.25,
            asked: 0.3,
            inside: -0.4,
            ..near
        };
        assert!(speaking.speaks(&near) && !speaking.speaks(&far));
        assert!(speaking.speaks(&QuestionFeatures { named: true, ..far }));
    }
}
