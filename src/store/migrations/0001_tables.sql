-- Ids are UUIDv7 as text, times Unix milliseconds, days ISO text, flags 0 or 1, JSON text: one text for both databases.

create table organisation (
    id text primary key,
    parent_id text references organisation (id),
    name text not null,
    kind text not null,
    region text,
    industry text,
    path text not null unique
);

create table person (
    id text primary key,
    name text not null,
    email text unique,
    language text not null,
    password_hash text,
    created_ms bigint not null,
    disabled_ms bigint
);

create table grant_ (
    id text primary key,
    person_id text not null references person (id),
    role text not null,
    organisation_id text not null references organisation (id),
    created_ms bigint not null,
    unique (person_id, role, organisation_id)
);

create table login_link (
    token_sha256 text primary key,
    person_id text not null references person (id),
    created_ms bigint not null,
    expires_ms bigint not null,
    used_ms bigint
);

create table session (
    token_sha256 text primary key,
    person_id text not null references person (id),
    csrf_token text not null,
    created_ms bigint not null,
    seen_ms bigint not null,
    idle_ms bigint not null,
    expires_ms bigint not null
);
create index session_person on session (person_id);

-- The subject is a hash of what was typed as the address: a pause must not tell who is here.
create table login_attempt (
    subject text primary key,
    failures bigint not null,
    pause_until_ms bigint not null,
    last_ms bigint not null
);

create table act (
    id text primary key,
    title text not null,
    number text,
    adopted text,
    nd text,
    owner_organisation_id text references organisation (id),
    priority bigint not null
);

create table edition (
    id text primary key,
    act_id text not null references act (id),
    edition_date text not null,
    current_to text not null,
    basis text not null,
    format text not null,
    sha256 text not null,
    text text not null,
    counts_json text not null,
    headings bigint not null,
    with_body bigint not null,
    added_ms bigint not null,
    superseded bigint not null
);
create unique index edition_of_day on edition (act_id, edition_date) where superseded = 0;

create table provision (
    key text primary key,
    act_id text not null references act (id),
    kind text not null
);

create table provision_version (
    id text primary key,
    provision_key text not null references provision (key),
    edition_id text not null references edition (id),
    citation text not null,
    article text not null,
    kind text not null,
    title text,
    path_json text not null,
    text text not null,
    text_sha256 text not null,
    start_char bigint not null,
    end_char bigint not null,
    repealed bigint not null,
    in_force_from text,
    in_force_until text,
    from_basis text not null,
    alignment text not null,
    ordinal bigint not null
);
create index provision_version_citation on provision_version (edition_id, citation);
create index provision_version_article on provision_version (edition_id, article);
create index provision_version_key on provision_version (provision_key);

create table passage (
    id text primary key,
    version_id text references provision_version (id),
    edition_id text not null references edition (id),
    citation text not null,
    article text not null,
    kind text not null,
    title text,
    text text not null,
    start_char bigint not null,
    end_char bigint not null,
    in_force_from text,
    in_force_until text,
    ordinal bigint not null
);
create index passage_edition on passage (edition_id, ordinal);

create table amendment_note (
    id text primary key,
    edition_id text not null references edition (id),
    citation text not null,
    noted_on text,
    law text not null,
    what text not null
);
create index amendment_note_citation on amendment_note (edition_id, citation);

create table statement_approval (
    id text primary key,
    statement_id text not null,
    sha256 text not null,
    organisation_id text not null references organisation (id),
    person_id text not null references person (id),
    at_ms bigint not null,
    revoked_ms bigint
);
create unique index statement_approval_active on statement_approval (organisation_id, statement_id, sha256)
    where revoked_ms is null;

create table case_ (
    id text primary key,
    number bigint not null unique,
    organisation_id text not null references organisation (id),
    member_id text not null references person (id),
    state text not null check (state in
        ('received', 'retrieved', 'drafted', 'abstained', 'waiting', 'approved', 'sent', 'closed')),
    reason text,
    subject text not null,
    topic text,
    region text,
    industry text,
    event_date text,
    deadline text,
    shared_with_steward bigint not null,
    lawyer_id text references person (id),
    -- Lower case, for the queue's search: one of the databases folds no Cyrillic.
    search_text text not null,
    idempotency_key text,
    version bigint not null,
    created_ms bigint not null,
    updated_ms bigint not null,
    unique (member_id, idempotency_key)
);
create index case_state on case_ (state, created_ms);
create index case_organisation on case_ (organisation_id);

create table message (
    id text primary key,
    case_id text not null references case_ (id),
    author_id text not null references person (id),
    kind text not null,
    text text not null,
    created_ms bigint not null
);
create index message_case on message (case_id, created_ms);

create table case_event (
    id text primary key,
    case_id text not null references case_ (id),
    at_ms bigint not null,
    actor text not null,
    step text not null,
    from_state text not null,
    to_state text not null,
    reason text,
    case_version bigint not null
);
create unique index case_event_once on case_event (case_id, case_version, step);

create table retrieval (
    id text primary key,
    case_id text not null references case_ (id),
    on_date text not null,
    hits_json text not null,
    searched_json text not null,
    timing_json text not null,
    created_ms bigint not null
);
create index retrieval_case on retrieval (case_id, created_ms);

create table draft (
    id text primary key,
    case_id text not null references case_ (id),
    status text not null,
    reason text,
    mode text not null,
    text text not null,
    sentences_json text not null,
    prompt_sha256 text,
    model_name text,
    model_sha256 text,
    seed bigint,
    timing_json text not null,
    question_reading_json text not null,
    created_ms bigint not null
);
create index draft_case on draft (case_id, created_ms);

create table answer (
    id text primary key,
    case_id text not null references case_ (id),
    draft_id text references draft (id),
    rendering_json text not null,
    rendering_sha256 text not null,
    version bigint not null,
    updated_by text references person (id),
    created_ms bigint not null,
    updated_ms bigint not null,
    unique (id, case_id)
);
create index answer_case on answer (case_id, created_ms);

-- The frozen rendering that a lawyer said yes to.
create table approval (
    id text primary key,
    answer_id text not null,
    case_id text not null references case_ (id),
    rendering_json text not null,
    rendering_sha256 text not null,
    approver_id text not null references person (id),
    approved_ms bigint not null,
    voided_ms bigint,
    void_reason text,
    foreign key (answer_id, case_id) references answer (id, case_id),
    unique (id, answer_id, case_id, rendering_sha256),
    unique (id, case_id, rendering_sha256)
);
create unique index approval_active on approval (answer_id) where voided_ms is null;
create index approval_case on approval (case_id);

create table outbox (
    id text primary key,
    case_id text not null,
    answer_id text not null,
    approval_id text not null,
    rendering_sha256 text not null,
    channel text not null check (channel in ('page', 'mail')),
    message_id text not null unique,
    recipient text,
    state text not null check (state in ('queued', 'sent', 'failed')),
    not_before_ms bigint not null,
    attempts bigint not null,
    last_error text,
    sent_ms bigint,
    unique (approval_id, channel),
    foreign key (approval_id, answer_id, case_id, rendering_sha256)
        references approval (id, answer_id, case_id, rendering_sha256)
);
create index outbox_answer on outbox (answer_id);

-- What the member's page shows, and nothing else.
create table published (
    approval_id text primary key,
    case_id text not null,
    rendering_json text not null,
    rendering_sha256 text not null,
    sent_ms bigint not null,
    foreign key (approval_id, case_id, rendering_sha256)
        references approval (id, case_id, rendering_sha256)
);
create index published_case on published (case_id, sent_ms);

-- The act of an erasure (152-ФЗ): while it stands, rows of its case may be deleted.
create table erasure (
    case_id text primary key,
    ordered_by text not null,
    reason text not null,
    at_ms bigint not null
);

create table job (
    id text primary key,
    kind text not null,
    case_id text references case_ (id),
    payload_json text not null,
    state text not null check (state in ('queued', 'leased', 'done', 'dead')),
    run_after_ms bigint not null,
    lease_until_ms bigint,
    leased_by text,
    attempts bigint not null,
    last_error text,
    dedupe_key text not null unique,
    created_ms bigint not null
);
create index job_ready on job (state, run_after_ms);

create table task (
    id text primary key,
    kind text not null,
    subject text not null,
    state text not null check (state in ('open', 'done')),
    assignee text references person (id),
    created_ms bigint not null
);
create unique index task_open on task (kind, subject) where state = 'open';

create table setting (
    key text primary key,
    value text not null
);

create table audit (
    seq bigint primary key,
    at_ms bigint not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail_json text not null,
    prev_hash text not null,
    hash text not null
);
