//! Rules of former days: told on their days from a text of those days, and on no other.

use crate::program::run;
use crate::skip;

const TEST: &str = "a_rule_of_former_days_is_told_on_its_days_alone";

#[test]
fn a_rule_of_former_days_is_told_on_its_days_alone() {
    let (Some(then), Some(now)) = (
        skip::corpus(TEST, "acts/tk/tk_rf_red-2023-08-04_ips_nd102074279.html"),
        skip::corpus(TEST, "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html"),
    ) else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let (then, now) = (then.to_string_lossy(), now.to_string_lossy());
    // Overtime pay: since 2024-09-01 the article itself says which sum it is counted from.
    let question = "В каком размере оплачивают сверхурочную работу по статье 152 ТК РФ?";
    let told = |day: &str| {
        let found = run(
            data.path(),
            &["search", question, "--on", day, "--limit", "20", "--json"],
        );
        let found: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
        let hits = found["hits"].as_array().unwrap().clone();
        let statements = hits.iter().filter(|hit| hit["kind"] == "statement");
        let texts = statements.map(|hit| hit["text"].as_str().unwrap().to_owned());
        texts.collect::<Vec<String>>().join("\n")
    };
    assert!(
        run(data.path(), &["kb", "add", "--no-vectors", &now])
            .status
            .success()
    );
    let former = "статья 152 Трудового кодекса не называла";
    assert!(
        !told("2023-09-01").contains(former),
        "without a text of those days nobody knows"
    );
    assert!(
        run(data.path(), &["kb", "add", "--no-vectors", &then])
            .status
            .success()
    );
    assert!(
        told("2023-09-01").contains(former),
        "{}",
        told("2023-09-01")
    );
    assert!(
        !told("2025-12-30").contains(former),
        "{}",
        told("2025-12-30")
    );
}
