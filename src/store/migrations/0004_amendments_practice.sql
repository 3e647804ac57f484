-- What amended an act since its text was taken, what was taken from where, and the practice beside the law.

-- A law that amends an act, or may, as the official publication service lists it; its text is not here.
create table known_amendment (
    id text primary key,
    act_id text not null,
    number text not null,
    signed_on text not null,
    published_on text not null,
    title text not null,
    url text not null,
    reach text not null check (reach in ('named', 'possible')),
    seen_ms bigint not null,
    settled_ms bigint,
    settled_by text,
    settled_reason text,
    unique (act_id, number, signed_on)
);

-- A lawyer's word that an amendment leaves a provision as it is quoted, once for both.
create table amendment_clearance (
    id text primary key,
    amendment_id text not null references known_amendment (id),
    provision_key text not null references provision (key),
    person_id text not null references person (id),
    reason text not null,
    at_ms bigint not null,
    unique (amendment_id, provision_key)
);

-- The copy of an act that was taken from a source, so that the source can be asked for news only.
create table source_copy (
    act_id text primary key,
    url text not null,
    etag text,
    last_modified text,
    sha256 text not null,
    taken_ms bigint not null,
    checked_ms bigint not null
);

-- Inspectorate answers and court acts: beside the law, never above it.
create table clarification (
    id text primary key,
    kind text not null check (kind in ('clarification', 'court')),
    issuer text not null,
    issued_on text,
    number text,
    title text not null,
    text text not null,
    url text,
    sha256 text not null unique,
    added_ms bigint not null
);
create index clarification_kind on clarification (kind, issued_on);

create table clarification_norm (
    id text primary key,
    clarification_id text not null references clarification (id),
    citation text not null,
    ordinal bigint not null
);
create index clarification_norm_of on clarification_norm (clarification_id, ordinal);
create index clarification_norm_citation on clarification_norm (citation);
