//! Messages to people outside the pages.

use crate::config::Deliver;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// A notice without case text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same at every try.
    pub message_id: String,
    pub recipient: String,
    pub recipient_name: String,
    pub subject: String,
    pub text: String,
}

/// How notices leave the house.
pub enum Notifier {
    /// The page only.
    Off,
    Smtp {
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        from: Mailbox,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    #[error("Почта настроена неверно, {place}: {reason}. Исправьте настройки deliver.*.")]
    Settings { place: &'static str, reason: String },
    #[error("Адрес получателя не читается.")]
    Address,
    #[error("Почтовый сервер не принял письмо: {reason}")]
    Refused { reason: String },
}

impl NotifyError {
    /// A machine code without any text of a server or a person.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Settings { .. } => "mail_settings",
            Self::Address => "mail_address",
            Self::Refused { .. } => "mail_refused",
        }
    }
}

impl Notifier {
    /// The notifier that the settings ask for; the password is read from the variable they name.
    ///
    /// Fails on an address that is none. Opens no connection.
    pub fn from_settings(settings: &Deliver) -> Result<Self, NotifyError> {
        if settings.smtp_url.is_empty() {
            return Ok(Self::Off);
        }
        let from = settings
            .mail_from
            .parse()
            .map_err(|e| NotifyError::Settings {
                place: "deliver.mail_from",
                reason: format!("{e}"),
            })?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.smtp_url)
            .map_err(|e| NotifyError::Settings {
                place: "deliver.smtp_url",
                reason: e.to_string(),
            })?
            .timeout(Some(Duration::from_secs(20)));
        if let Ok(password) = std::env::var(&settings.smtp_password_env) {
            let user = settings
                .smtp_url
                .split_once("://")
                .and_then(|(_, rest)| rest.split_once('@'))
                .map_or("", |(user, _)| user);
            builder = builder.credentials(Credentials::new(user.to_owned(), password));
        }
        Ok(Self::Smtp {
            transport: Box::new(builder.build()),
            from,
        })
    }

    pub fn is_on(&self) -> bool {
        !matches!(self, Self::Off)
    }

    /// Hands the notice to the mail server. Where mail is off it does nothing.
    pub async fn send(&self, notice: Notice) -> Result<(), NotifyError> {
        let Self::Smtp { transport, from } = self else {
            return Ok(());
        };
        let address = notice.recipient.parse().map_err(|_| NotifyError::Address)?;
        let message = Message::builder()
            .message_id(Some(notice.message_id))
            .from(from.clone())
            .to(Mailbox::new(Some(notice.recipient_name), address))
            .subject(notice.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(notice.text)
            .map_err(|_| NotifyError::Address)?;
        transport
            .send(message)
            .await
            .map(drop)
            .map_err(|e| NotifyError::Refused {
                reason: e.to_string(),
            })
    }
}
