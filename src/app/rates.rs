//! The rates that the program carries, with those that the union added.

use super::AppError;
use crate::config::Config;
use crate::law::rates::Rates;
use crate::store::{OwnRate, Store, StoreError};

/// The rates of a desk.
pub(super) async fn of(store: &Store) -> Result<Rates, AppError> {
    with(store.own_rates().await?)
}

/// The rates beside a desk that may be running, or may not be there yet: nothing is locked or made.
pub async fn beside(config: &Config) -> Result<Rates, AppError> {
    match Store::open_to_read(&config.database()).await {
        Ok(store) => with(store.own_rates_beside().await?),
        Err(StoreError::NotFound { .. }) => with(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

fn with(own: Vec<OwnRate>) -> Result<Rates, AppError> {
    let mut rates = Rates::embedded().map_err(|error| AppError::Setup(error.to_string()))?;
    for rate in own {
        rates
            .add(rate.kind, rate.row, rate.known_to)
            .map_err(|error| AppError::Setup(error.to_string()))?;
    }
    Ok(rates)
}
