-- What may never happen, whoever writes the SQL. Messages begin with `soyuznik:`, so that the store knows them.

-- The worker that delivers reads this view and nothing else.
create view deliverable as
select o.id, o.case_id, o.answer_id, o.approval_id, o.rendering_sha256, o.channel, o.message_id, o.recipient,
       o.not_before_ms, o.attempts, p.rendering_json
from outbox o
join approval p on p.id = o.approval_id
join answer a on a.id = o.answer_id
where o.state in ('queued', 'failed')
  and p.voided_ms is null
  and p.rendering_sha256 = o.rendering_sha256
  and a.rendering_sha256 = o.rendering_sha256
  and a.rendering_json = p.rendering_json
  and o.not_before_ms <= (extract(epoch from clock_timestamp()) * 1000)::bigint
  and (o.channel = 'page' or exists (select 1 from published b where b.approval_id = o.approval_id));

create function refuse() returns trigger language plpgsql as $$
begin
    raise exception 'soyuznik: %', tg_argv[0];
end $$;

create function case_rules() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'received' then
            raise exception 'soyuznik: a case begins as received';
        end if;
        return new;
    end if;
    if new.state = 'approved' and old.state <> 'approved'
        and not exists (select 1 from approval p where p.case_id = new.id and p.voided_ms is null) then
        raise exception 'soyuznik: no approval stands for this case';
    end if;
    if new.state = 'sent' and old.state <> 'sent'
        and not exists (select 1 from published b where b.case_id = new.id) then
        raise exception 'soyuznik: nothing is published for this case';
    end if;
    return new;
end $$;
create trigger case_rules before insert or update on case_ for each row execute function case_rules();

create function answer_frozen() returns trigger language plpgsql as $$
begin
    if (new.rendering_json <> old.rendering_json or new.rendering_sha256 <> old.rendering_sha256
            or new.case_id <> old.case_id or new.id <> old.id)
        and exists (select 1 from approval p join published b on b.approval_id = p.id where p.answer_id = old.id) then
        raise exception 'soyuznik: an answer that was sent does not change';
    end if;
    return new;
end $$;
create trigger answer_frozen before update on answer for each row execute function answer_frozen();

create function answer_edited() returns trigger language plpgsql as $$
begin
    if new.rendering_json <> old.rendering_json or new.rendering_sha256 <> old.rendering_sha256 then
        update approval
        set voided_ms = (extract(epoch from clock_timestamp()) * 1000)::bigint, void_reason = 'edited'
        where answer_id = old.id and voided_ms is null;
    end if;
    return null;
end $$;
create trigger answer_edited after update on answer for each row execute function answer_edited();

create function approval_new() returns trigger language plpgsql as $$
begin
    if new.voided_ms is not null then
        raise exception 'soyuznik: an approval begins valid and is never replaced';
    end if;
    -- The lock keeps the answer from changing under the approval.
    perform 1 from answer a where a.id = new.answer_id and a.case_id = new.case_id
        and a.rendering_sha256 = new.rendering_sha256 and a.rendering_json = new.rendering_json for share;
    if not found then
        raise exception 'soyuznik: the approved text is not the text of the answer';
    end if;
    if not exists (
        select 1 from case_ c
        join organisation co on co.id = c.organisation_id
        join grant_ g on g.person_id = new.approver_id and g.role = 'lawyer'
        join organisation go on go.id = g.organisation_id
        join person r on r.id = g.person_id and r.disabled_ms is null
        where c.id = new.case_id and c.member_id <> new.approver_id
          and substr(co.path, 1, length(go.path)) = go.path) then
        raise exception 'soyuznik: the approver is no lawyer of this case';
    end if;
    return new;
end $$;
create trigger approval_new before insert on approval for each row execute function approval_new();

create function approval_fixed() returns trigger language plpgsql as $$
begin
    if new.id <> old.id or new.answer_id <> old.answer_id or new.case_id <> old.case_id
        or new.rendering_json <> old.rendering_json or new.rendering_sha256 <> old.rendering_sha256
        or new.approver_id <> old.approver_id or new.approved_ms <> old.approved_ms
        or old.voided_ms is not null or new.voided_ms is null then
        raise exception 'soyuznik: an approval can only be voided, and once';
    end if;
    if exists (select 1 from published b where b.approval_id = old.id) then
        raise exception 'soyuznik: what was sent can not be taken back';
    end if;
    return new;
end $$;
create trigger approval_fixed before update on approval for each row execute function approval_fixed();

create function approval_voided() returns trigger language plpgsql as $$
begin
    delete from outbox where approval_id = old.id and state <> 'sent';
    return null;
end $$;
create trigger approval_voided after update on approval for each row execute function approval_voided();

create function kept_until_erased() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from erasure e where e.case_id = old.case_id) then
        raise exception 'soyuznik: % rows are kept', tg_table_name;
    end if;
    return old;
end $$;
create trigger approval_kept before delete on approval for each row execute function kept_until_erased();
create trigger published_kept before delete on published for each row execute function kept_until_erased();

create function outbox_new() returns trigger language plpgsql as $$
begin
    -- The locks keep approval and answer as they are until this transaction ends.
    perform 1 from approval p join answer a on a.id = p.answer_id
        where p.id = new.approval_id and p.voided_ms is null and p.answer_id = new.answer_id
          and p.rendering_sha256 = new.rendering_sha256 and a.rendering_sha256 = new.rendering_sha256
        for share;
    if not found or new.state <> 'queued' or new.sent_ms is not null then
        raise exception 'soyuznik: only an approved answer may be sent';
    end if;
    return new;
end $$;
create trigger outbox_new before insert on outbox for each row execute function outbox_new();

create function outbox_fixed() returns trigger language plpgsql as $$
begin
    if new.id <> old.id or new.case_id <> old.case_id or new.answer_id <> old.answer_id
        or new.approval_id <> old.approval_id or new.rendering_sha256 <> old.rendering_sha256
        or new.channel <> old.channel or new.message_id <> old.message_id
        or new.not_before_ms <> old.not_before_ms or new.recipient is distinct from old.recipient
        or old.state = 'sent' then
        raise exception 'soyuznik: only the outcome of a sending changes';
    end if;
    return new;
end $$;
create trigger outbox_fixed before update on outbox for each row execute function outbox_fixed();

create function published_new() returns trigger language plpgsql as $$
begin
    perform 1 from approval p join answer a on a.id = p.answer_id where p.id = new.approval_id for share;
    if not exists (select 1 from deliverable d
        where d.approval_id = new.approval_id and d.case_id = new.case_id and d.channel = 'page'
          and d.rendering_sha256 = new.rendering_sha256 and d.rendering_json = new.rendering_json) then
        raise exception 'soyuznik: only an approved answer may be published';
    end if;
    return new;
end $$;
create trigger published_new before insert on published for each row execute function published_new();
create trigger published_fixed before update on published
    for each row execute function refuse('what was published does not change');

create trigger erasure_fixed before update or delete on erasure
    for each row execute function refuse('an act of erasure is kept');

create function audit_appended() returns trigger language plpgsql as $$
begin
    if new.seq <> coalesce((select max(seq) from audit), 0) + 1
        or new.prev_hash <> coalesce((select hash from audit order by seq desc limit 1), '') then
        raise exception 'soyuznik: the journal is only appended to';
    end if;
    return new;
end $$;
create trigger audit_appended before insert on audit for each row execute function audit_appended();
create trigger audit_fixed before update or delete on audit
    for each row execute function refuse('the journal is kept');

create trigger approval_emptied before truncate on approval
    for each statement execute function refuse('approvals are kept');
create trigger published_emptied before truncate on published
    for each statement execute function refuse('what was published is kept');
create trigger erasure_emptied before truncate on erasure
    for each statement execute function refuse('an act of erasure is kept');
create trigger audit_emptied before truncate on audit
    for each statement execute function refuse('the journal is kept');
