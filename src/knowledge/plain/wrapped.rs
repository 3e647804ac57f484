//! Texts whose lines were wrapped at a margin, without indents.

use super::layout::{append, is_inside, is_open};
use super::lines::Line;
use super::merged;
use super::wall::Wall;
use super::{cue, editors};

/// Returns the paragraphs. One pass; every line is weighed against the margin and its neighbours.
pub(super) fn paragraphs(lines: Vec<Line>, wall: &Wall) -> Vec<String> {
    let lines = merged::part(lines, wall);
    let apart = lines.iter().filter(|l| l.gap > 0).count();
    let mut joiner = Joiner {
        wall,
        // Where nearly every line has an empty one above it, only a wider gap means something.
        gap: if apart * 2 > lines.len() { 4 } else { 1 },
        out: Vec::new(),
        kind: Kind::Body,
        taken: 0,
        last: String::new(),
    };
    for line in &lines {
        joiner.line(line);
    }
    joiner.out
}

/// Names with a capital that go on with a title when a line begins with them.
const NAMES: [&str; 12] = [
    "Российской",
    "Федерации",
    "Крайнего",
    "Севера",
    "Вооруженных",
    "Кодекс",
    "Конституц",
    "Правительства",
    "Президента",
    "Москвы",
    "Республики",
    "Союза",
];

/// What the open paragraph is; they are set in different sizes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Body,
    Heading,
    /// «ГАРАНТ:» and its like, a line of its own.
    Mark(editors::Mark),
    /// A publisher's note.
    Note,
    /// A publisher's news of a change; its first words stand on the line of the mark.
    News,
}

struct Joiner<'a> {
    wall: &'a Wall,
    gap: usize,
    out: Vec<String>,
    kind: Kind,
    /// Lines of the open paragraph.
    taken: usize,
    /// Its last line.
    last: String,
}

impl Joiner<'_> {
    fn line(&mut self, line: &Line) {
        if self.breaks(line) {
            self.kind = self.kind_of(&line.text);
            self.out.push(line.text.clone());
            self.taken = 1;
        } else if let Some(open) = self.out.last_mut() {
            append(open, &line.text);
            self.taken += 1;
        }
        self.last.clone_from(&line.text);
    }

    fn kind_of(&self, text: &str) -> Kind {
        if cue::article(text).is_some() || cue::division(text).is_some() {
            return Kind::Heading;
        }
        if editors::is_pointer(text) {
            return Kind::Note;
        }
        match (editors::mark(text), self.kind) {
            (Some((mark, "")), _) => Kind::Mark(mark),
            (Some((editors::Mark::News, _)), _) => Kind::News,
            (Some(_), _) => Kind::Note,
            (None, Kind::Mark(editors::Mark::News)) => Kind::News,
            (None, Kind::Mark(_)) => Kind::Note,
            (None, Kind::Note) if editors::sounds_like_note(text) => Kind::Note,
            _ => Kind::Body,
        }
    }

    fn breaks(&self, line: &Line) -> bool {
        let text = line.text.as_str();
        let Some(open) = self.out.last() else {
            return true;
        };
        if is_open(open) {
            return false;
        }
        let small = text.starts_with(char::is_lowercase) && !cue::item(text);
        let sentence = matches!(self.kind, Kind::Body | Kind::Heading);
        let room = self.wall.room(&self.last, text);
        // A heading that had room left has ended, whatever follows.
        let short = self.kind == Kind::Heading && room <= self.wall.heading / 10 * 9;
        if small && sentence && !short && !cue::ends(&self.last) {
            // Items begin small too, but only behind a sign.
            return false;
        }
        // Converters leave wide gaps inside the titles of chapters.
        let apart = line.gap >= self.gap && !(self.kind == Kind::Heading && self.gap > 1);
        let headed = cue::article(text).is_some() || cue::division(text).is_some();
        let marked = editors::mark(text).is_some() || editors::is_pointer(text);
        let headed = headed || cue::passed(text);
        if headed || marked || matches!(self.kind, Kind::Mark(_)) || apart {
            return true;
        }
        if self.kind == Kind::Heading {
            return !self.heading_goes_on(open, text, room);
        }
        if small && self.last.ends_with(';') && is_inside(open) {
            return false;
        }
        let ended = cue::ends(&self.last);
        let long = room > self.limit() / 100 * 75;
        if self.kind == Kind::Body && !ended && long && !cue::item(text) {
            // A paragraph ends with a sign; short lines without one are titles and signatures.
            return false;
        }
        if room <= self.limit() || cue::item(text) && (ended || self.kind != Kind::Body) {
            return true;
        }
        if self.kind != Kind::Body {
            return self.kind == Kind::Note && editors::is_whole(&self.last, text);
        }
        if !ended {
            return false;
        }
        let sentence = self.last.ends_with('.') || !self.last.ends_with([';', ':']);
        !sentence || text.starts_with(char::is_uppercase) && self.may_be_first(text)
    }

    /// How far the open paragraph's last line may reach.
    fn limit(&self) -> u32 {
        let full = self.wall.full;
        let of = |percent: u32| full / 100 * percent;
        match (self.kind, self.taken) {
            (Kind::News, 1) if editors::mark(&self.last).is_none() => of(63),
            (Kind::News, _) => of(90),
            (Kind::Note, 1) => of(84),
            (Kind::Note, _) => of(94),
            (_, 1) => self.wall.first,
            _ => full,
        }
    }

    fn heading_goes_on(&self, open: &str, text: &str, room: u32) -> bool {
        let capitals = cue::division(open).is_some() && cue::is_capitals(open_title(open));
        if capitals {
            return cue::is_capitals(text) && !text.starts_with('(');
        }
        if cue::division(open).is_some() && !cue::ends(text) {
            // Nothing but headings and marks stands between a chapter's title and its first article.
            return true;
        }
        // In a heavy face the lines differ more than a measure by the light one can tell.
        let heavy = self.wall.heading < self.wall.full / 100 * 97;
        let long = room > self.wall.heading / 100 * if heavy { 85 } else { 100 };
        let named = NAMES.iter().any(|n| text.starts_with(n)) || text.starts_with('(');
        !cue::item(text) && (editors::asks(&self.last) || long && named)
    }

    /// Whether a line below a full one that ends a sentence begins a paragraph. First lines are indented, so a line that is wider
    /// than they can be is none. Where both can be, paragraphs are more frequent.
    fn may_be_first(&self, text: &str) -> bool {
        self.wall.first >= self.wall.full || self.wall.width(text) <= self.wall.first + 200
    }
}

/// The title of a heading.
fn open_title(heading: &str) -> &str {
    heading.splitn(3, ' ').nth(2).unwrap_or_default()
}

#[cfg(test)]
mod tests;
