use serde_json::Value;

/// What one answer to a yes-or-no question comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Scored {
    /// p(«да»).
    Probability(f32),
    /// Neither «да» nor «нет»: what was said.
    Neither(String),
}

/// p(«да») from the probabilities of the first word where the server gives them, else 0 or 1 from the word.
pub fn score(answer: &Value) -> Scored {
    let choice = &answer["choices"][0];
    if let Some(p) = from_probabilities(&choice["logprobs"]["content"]) {
        return Scored::Probability(p);
    }
    let said = choice["message"]["content"].as_str().unwrap_or_default();
    match verdict(said) {
        Some(Verdict::Yes) => Scored::Probability(1.0),
        Some(Verdict::No) => Scored::Probability(0.0),
        None => Scored::Neither(said.to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Yes,
    No,
}

fn from_probabilities(content: &Value) -> Option<f32> {
    let first = content.as_array()?.iter().find(|token| {
        let text = token["token"].as_str().unwrap_or_default();
        !text.trim().is_empty()
    })?;
    let (mut yes, mut no) = (0.0_f64, 0.0_f64);
    for token in first["top_logprobs"].as_array()? {
        let mass = token["logprob"].as_f64()?.exp();
        match verdict(token["token"].as_str()?) {
            Some(Verdict::Yes) => yes += mass,
            Some(Verdict::No) => no += mass,
            None => {}
        }
    }
    // Below this neither word was likely: the ratio of two crumbs says nothing.
    (yes + no > 0.05).then_some((yes / (yes + no)) as f32)
}

/// Reads a word or a token: «да», «Да.», « не» (the beginning of «нет»).
fn verdict(said: &str) -> Option<Verdict> {
    let lower = said.trim_start().to_lowercase();
    let word: String = lower.chars().take_while(|c| c.is_alphabetic()).collect();
    match word.as_str() {
        "да" | "д" | "yes" => Some(Verdict::Yes),
        "нет" | "не" | "н" | "no" => Some(Verdict::No),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn probabilities_of_all_spellings_are_summed() {
        let token = |text: &str, p: f64| json!({"token": text, "logprob": p.ln()});
        let answer = json!({"choices": [{
            "message": {"content": "Да"},
            "logprobs": {"content": [{"token": "Да", "top_logprobs":
                [token("Да", 0.4), token(" да", 0.2), token("не", 0.3), token("Это", 0.1)]}]},
        }]});
        let Scored::Probability(p) = score(&answer) else {
            panic!("no probability");
        };
        assert!((p - 0.6 / 0.9).abs() < 1e-6, "{p}");
    }

    #[test]
    fn without_probabilities_the_word_decides() {
        let said = |text: &str| score(&json!({"choices": [{"message": {"content": text}}]}));
        assert_eq!(said("Да."), Scored::Probability(1.0));
        assert_eq!(said("нет, не отвечает"), Scored::Probability(0.0));
        assert_eq!(
            said("Данный вопрос"),
            Scored::Neither("Данный вопрос".into())
        );
        assert_eq!(score(&json!({})), Scored::Neither(String::new()));
    }
}
