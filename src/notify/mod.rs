//! Messages to people outside the pages.
