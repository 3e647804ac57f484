//! The step that hands an approved answer to the member: the page once, a notice by mail at least once.

use crate::notify::{Notice, Notifier, NotifyError};
use crate::store::{Delivered, LeasedJob, Store, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Notify(#[from] NotifyError),
    #[error("задание без номера отправки")]
    Payload,
}

fn outbox(job: &LeasedJob) -> Result<&str, DeliverError> {
    job.payload["outbox"].as_str().ok_or(DeliverError::Payload)
}

/// Puts the frozen rendering on the member's page; what is not approved can't be read from here.
pub async fn page(store: &Store, job: &LeasedJob) -> Result<Delivered, DeliverError> {
    let delivered = store.deliver_page(outbox(job)?, Some(&job.lease)).await?;
    tracing::info!(
        case = job.case.as_ref().map(ToString::to_string),
        ?delivered,
        "page delivery"
    );
    Ok(delivered)
}

/// Mails the notice that an answer is there. It names the case's number, never its text.
pub async fn mail(
    store: &Store,
    notifier: &Notifier,
    job: &LeasedJob,
    public_url: &str,
) -> Result<(), DeliverError> {
    let outbox = outbox(job)?;
    let Some(mail) = store.mail_to_send(outbox).await? else {
        store.finish(&job.lease).await?;
        return Ok(());
    };
    let notice = Notice {
        message_id: mail.message_id,
        recipient: mail.recipient,
        recipient_name: mail.recipient_name,
        subject: format!("Ответ на обращение № {}", mail.case_number),
        text: format!(
            "Юрист профсоюза ответил на ваше обращение № {}.\nПрочитать ответ: {public_url}/cases/{}\n\nВ письме нет текста ответа: так ваши данные не уходят из союза.\n",
            mail.case_number, mail.case
        ),
    };
    match notifier.send(notice).await {
        Ok(()) => Ok(store.mail_sent(outbox, Some(&job.lease)).await?),
        Err(error) => {
            store.mail_failed(outbox, error.code()).await?;
            Err(error.into())
        }
    }
}
