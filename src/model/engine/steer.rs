use crate::model::grammar::Guide;
use soyuznik_engine::generator::Constraint;

/// A guide as a constraint of the engine.
pub struct Steer<'a> {
    guide: Guide<'a>,
    read_bytes: usize,
}

impl<'a> Steer<'a> {
    pub fn new(guide: Guide<'a>) -> Self {
        Self {
            guide,
            read_bytes: 0,
        }
    }

    /// The guide after `so_far`, which goes on from what was read before.
    fn after(&self, so_far: &str, more: &str) -> Option<Guide<'a>> {
        let mut guide = self.guide.clone();
        let unread = so_far.as_bytes().get(self.read_bytes..)?;
        (guide.advance(unread) && guide.advance(more.as_bytes())).then_some(guide)
    }
}

impl Constraint for Steer<'_> {
    fn allows(&mut self, so_far: &str, candidate: &str) -> bool {
        self.after(so_far, candidate).is_some()
    }

    fn accept(&mut self, so_far: &str) {
        if let Some(guide) = self.after(so_far, "") {
            self.guide = guide;
            self.read_bytes = so_far.len();
        }
    }

    fn may_end(&self, so_far: &str) -> bool {
        self.after(so_far, "").is_some_and(|guide| guide.may_end())
    }
}
