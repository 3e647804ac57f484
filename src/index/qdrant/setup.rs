//! Collections and the alias: which collection is the live one, and a new one where none fits.

use super::super::IndexError;
use super::super::types::IndexSpec;
use super::points::{DENSE, HAS_DENSE, ID, LEXICAL};
use super::server::Server;
use qdrant_client::qdrant::vectors_config::Config;
use qdrant_client::qdrant::{
    CollectionInfo, CollectionStatus, CountPointsBuilder, CreateAliasBuilder,
    CreateCollectionBuilder, CreateFieldIndexCollectionBuilder, Distance, FieldType, Modifier,
    SparseVectorParamsBuilder, SparseVectorsConfigBuilder, VectorParamsBuilder,
    VectorsConfigBuilder,
};
use std::time::{SystemTime, UNIX_EPOCH};

/// What all processes search.
pub const ALIAS: &str = "soyuznik-live";
/// An unfinished build of another process is left alone for a day.
const LEFT_ALONE_MS: u128 = 24 * 3600 * 1000;

/// Makes the alias point at a whole collection of `spec`; returns why it wants filling, if it does.
///
/// A collection that does not fit is kept under its own name.
pub async fn ensure(server: &Server, spec: &IndexSpec) -> Result<Option<String>, IndexError> {
    let reason = match live(server).await? {
        None => "в Qdrant ещё нет индекса".to_owned(),
        Some(name) if !belongs(&name, spec) => {
            format!("индекс {name} сделан для другой модели или нарезки")
        }
        Some(name) => match flaw(server, &name, spec).await? {
            Some(flaw) => format!("прежний индекс {name} отложен: {flaw}"),
            None if is_empty(server, &name).await? => format!("индекс {name} пуст"),
            None => return Ok(None),
        },
    };
    if reason.ends_with("пуст") {
        return Ok(Some(reason));
    }
    let plain = spec.name();
    let exists = server.call(server.client.collection_exists(&plain)).await?;
    let usable = exists && flaw(server, &plain, spec).await?.is_none();
    let name = match (exists, usable) {
        (true, true) => plain,
        (true, false) => create(server, &timed_name(spec), spec).await?,
        (false, _) => create(server, &plain, spec).await?,
    };
    point_alias(server, &name).await?;
    Ok(Some(reason))
}

/// Returns the collection behind the alias.
pub async fn live(server: &Server) -> Result<Option<String>, IndexError> {
    let listed = server.call(server.client.list_aliases()).await?;
    let ours = listed
        .aliases
        .into_iter()
        .find(|alias| alias.alias_name == ALIAS);
    Ok(ours.map(|alias| alias.collection_name))
}

/// Moves the alias in one step: creating one that exists points it elsewhere.
pub async fn point_alias(server: &Server, name: &str) -> Result<(), IndexError> {
    let alias = CreateAliasBuilder::new(name, ALIAS);
    server.call(server.client.create_alias(alias)).await?;
    Ok(())
}

/// Makes an empty collection with its payload indexes and returns its name.
pub async fn create(server: &Server, name: &str, spec: &IndexSpec) -> Result<String, IndexError> {
    let mut dense = VectorsConfigBuilder::default();
    // The same product as in the local index; our vectors have length 1, so it is the cosine.
    dense.add_named_vector_params(
        DENSE,
        VectorParamsBuilder::new(spec.dimension as u64, Distance::Dot),
    );
    let mut sparse = SparseVectorsConfigBuilder::default();
    sparse.add_named_vector_params(
        LEXICAL,
        SparseVectorParamsBuilder::default().modifier(Modifier::Idf),
    );
    let collection = CreateCollectionBuilder::new(name)
        .vectors_config(dense)
        .sparse_vectors_config(sparse);
    server
        .call(server.client.create_collection(collection))
        .await?;
    for (field, kind) in [
        (ID, FieldType::Keyword),
        ("kind", FieldType::Keyword),
        ("act", FieldType::Keyword),
        ("owner", FieldType::Keyword),
        ("from", FieldType::Integer),
        ("until", FieldType::Integer),
        (HAS_DENSE, FieldType::Bool),
    ] {
        let index = CreateFieldIndexCollectionBuilder::new(name, field, kind).wait(true);
        server.call(server.client.create_field_index(index)).await?;
    }
    Ok(name.to_owned())
}

/// Deletes collections of `spec` that no alias points at and that were begun more than a day ago.
pub async fn delete_leftovers(server: &Server, spec: &IndexSpec) -> Result<(), IndexError> {
    let live = live(server).await?;
    let listed = server.call(server.client.list_collections()).await?;
    for collection in listed.collections {
        let old = begun_ms(&collection.name, spec)
            .is_some_and(|begun| now_ms().saturating_sub(begun) > LEFT_ALONE_MS);
        if old && live.as_ref() != Some(&collection.name) {
            server
                .call(server.client.delete_collection(collection.name))
                .await?;
        }
    }
    Ok(())
}

/// Returns the name of a collection that is begun now.
pub fn timed_name(spec: &IndexSpec) -> String {
    format!("{}-{}", spec.name(), now_ms())
}

/// Returns whether a collection's name says that it was made for `spec`.
pub fn belongs(name: &str, spec: &IndexSpec) -> bool {
    name == spec.name() || begun_ms(name, spec).is_some()
}

fn begun_ms(name: &str, spec: &IndexSpec) -> Option<u128> {
    let rest = name.strip_prefix(&spec.name())?.strip_prefix('-')?;
    rest.parse().ok()
}

fn now_ms() -> u128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_millis()
}

/// Returns what is wrong with a collection, if anything.
async fn flaw(server: &Server, name: &str, spec: &IndexSpec) -> Result<Option<String>, IndexError> {
    let answer = server.call(server.client.collection_info(name)).await?;
    let Some(info) = answer.result else {
        return Ok(Some("сервер не сообщает о нём".to_owned()));
    };
    if info.status == i32::from(CollectionStatus::Red) {
        return Ok(Some("сервер считает его повреждённым".to_owned()));
    }
    let fits = dimension(&info) == Some(spec.dimension as u64) && has_lexical(&info);
    Ok((!fits).then(|| "у него другие векторы".to_owned()))
}

fn dimension(info: &CollectionInfo) -> Option<u64> {
    let vectors = info
        .config
        .as_ref()?
        .params
        .as_ref()?
        .vectors_config
        .as_ref()?;
    match vectors.config.as_ref()? {
        Config::ParamsMap(map) => map.map.get(DENSE).map(|dense| dense.size),
        Config::Params(_) => None,
    }
}

fn has_lexical(info: &CollectionInfo) -> bool {
    let params = info
        .config
        .as_ref()
        .and_then(|config| config.params.as_ref());
    params
        .and_then(|params| params.sparse_vectors_config.as_ref())
        .is_some_and(|sparse| sparse.map.contains_key(LEXICAL))
}

async fn is_empty(server: &Server, name: &str) -> Result<bool, IndexError> {
    let count = CountPointsBuilder::new(name).exact(true);
    let counted = server.call(server.client.count(count)).await?;
    Ok(counted.result.is_none_or(|result| result.count == 0))
}
