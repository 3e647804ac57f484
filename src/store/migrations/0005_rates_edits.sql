-- Rates that the union added, and its own wording of statements of the digest.

-- A rate from a day on, until the next one; known to hold as far as known_to.
create table rate_row (
    id text primary key,
    kind text not null,
    from_day text not null,
    value text not null,
    known_to text not null,
    source text not null,
    added_by text not null,
    added_ms bigint not null,
    unique (kind, from_day)
);

-- The union's wording of a statement. It stands in the shipped one's place while the shipped one has this hash.
create table statement_edit (
    statement_id text primary key,
    shipped_sha256 text not null,
    fields_json text not null,
    edited_by text not null,
    edited_ms bigint not null
);
