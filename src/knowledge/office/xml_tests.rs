use super::*;

fn fault(text: &str) -> Option<OfficeFault> {
    let mut xml = Xml::new(text, "x");
    loop {
        match xml.next() {
            Ok(Some(_)) => {}
            Ok(None) => return None,
            Err(fault) => return Some(fault),
        }
    }
}

#[test]
fn depth_breaks_and_bombs_are_refused() {
    assert_eq!(
        fault(&"<a>".repeat(300)).map(|f| f.code()),
        Some("too_deep")
    );
    assert_eq!(fault("<a><b></b>").map(|f| f.code()), Some("broken"));
    assert_eq!(fault("<a></b>").map(|f| f.code()), Some("broken"));
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
    assert_eq!(fault(bomb), None);
}

#[test]
fn entities_are_resolved_in_text_and_attributes() {
    let mut xml = Xml::new("<w:a w:val=\"&quot;1&#x410;\">&lt;&#1040;&own;</w:a>", "x");
    let Ok(Some(Node::Open(element))) = xml.next() else {
        panic!("no element");
    };
    assert_eq!((element.name(), element.value().as_str()), ("a", "\"1А"));
    let mut text = String::new();
    while let Ok(Some(Node::Text(piece))) = xml.next() {
        text.push_str(&piece);
    }
    assert_eq!(text, "<А&own;");
}
