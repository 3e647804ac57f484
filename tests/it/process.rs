//! The program as a process: killed, stopped, cut off from its servers, and attacked.

#[path = "process/attacks.rs"]
mod attacks;
#[path = "process/browser.rs"]
mod browser;
#[path = "process/clean.rs"]
mod clean;
#[path = "process/damaged.rs"]
mod damaged;
#[path = "process/editor.rs"]
mod editor;
#[path = "process/gate.rs"]
mod gate;
#[path = "process/house.rs"]
mod house;
#[path = "process/killed.rs"]
mod killed;
#[path = "process/logs.rs"]
mod logs;
#[path = "process/mailbox.rs"]
mod mailbox;
#[path = "process/markup.rs"]
mod markup;
#[path = "process/outage.rs"]
mod outage;
#[path = "process/served.rs"]
mod served;
#[path = "process/steps.rs"]
mod steps;
#[path = "process/steps_sent.rs"]
mod steps_sent;
#[path = "process/stopped.rs"]
mod stopped;
#[path = "process/stub.rs"]
mod stub;
