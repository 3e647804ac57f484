-- Where the aligner was not sure which norm of an older edition a norm of a newer one continues, and what a person said.

-- Editions stand here by their days and norms by their labels (the second norm of one label as `tk:5:1#2`), so that what
-- was decided outlives a better copy of the edition.
create table alignment_review (
    id text primary key,
    act_id text not null references act (id),
    older_date text not null,
    newer_date text not null,
    -- Whose norm is asked about: the newer edition's, or the older one's where nothing seems to continue it.
    asked text not null check (asked in ('newer', 'older')),
    norm text not null,
    -- The norm of the other edition that it goes with until somebody decides; null: none.
    proposed text,
    rivals_json text not null,
    reasons_json text not null,
    -- A stale one was decided about a norm that a better copy of the edition does not have.
    state text not null check (state in ('open', 'accepted', 'other', 'new', 'stale')),
    -- What was decided: the norm of the other edition; null: none.
    chosen text,
    decided_by text,
    decided_ms bigint,
    created_ms bigint not null,
    check ((state = 'open') = (decided_ms is null))
);
create unique index alignment_review_once on alignment_review (act_id, older_date, newer_date, asked, norm)
    where state <> 'stale';

-- A norm stands once in an edition.
create unique index provision_version_once on provision_version (edition_id, provision_key);

update provision_version set alignment = 'changed' where alignment = 'label';
