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
    /// Highest cosine of the question and a question that the article's digest holds.
    pub asked: f32,
    /// 1 when the question names the candidate's article itself.
    pub named: f32,
    /// The model's p(«да»); `None` without a model.
    pub judged: Option<f32>,
}

/// Logistic weights, fitted by `evals/calibrate.py` on the development questions only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    pub bias: f32,
    pub cosine: f32,
    pub behind: f32,
    pub rank: f32,
    pub asked: f32,
    pub named: f32,
    /// Weight of the judge's log-odds.
    pub judged: f32,
    /// A candidate below this probability is not said, unless it is the best one.
    pub say: f32,
    /// A candidate this much less probable than the best one is not said.
    pub near_best: f32,
    /// When the best candidate is below this, the desk abstains.
    pub answer: f32,
    /// When the best cosine is below this, the question is taken to be about something else.
    pub in_scope: f32,
}

/// The two calibrations: with a judge and without.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibrations {
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
            + self.cosine * features.cosine
            + self.behind * features.behind
            + self.rank * features.rank
            + self.asked * features.asked
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
                asked: 0.8,
                ..Default::default()
            };
            let far = Features {
                cosine: 0.3,
                asked: 0.3,
                behind: -4.0,
                rank: 4.0,
                ..Default::default()
            };
            assert!(calibration.probability(&near) > calibration.probability(&far));
        }
    }
}
