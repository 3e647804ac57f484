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
  and o.not_before_ms <= cast((julianday('now') - 2440587.5) * 86400000.0 as integer)
  and (o.channel = 'page' or exists (select 1 from published b where b.approval_id = o.approval_id));

create trigger case_begins before insert on case_ when new.state <> 'received'
begin select raise(abort, 'soyuznik: a case begins as received'); end;

create trigger case_approved before update of state on case_
when new.state = 'approved' and old.state <> 'approved'
    and not exists (select 1 from approval p where p.case_id = new.id and p.voided_ms is null)
begin select raise(abort, 'soyuznik: no approval stands for this case'); end;

create trigger case_sent before update of state on case_
when new.state = 'sent' and old.state <> 'sent'
    and not exists (select 1 from published b where b.case_id = new.id)
begin select raise(abort, 'soyuznik: nothing is published for this case'); end;

create trigger answer_new before insert on answer when exists (select 1 from answer a where a.id = new.id)
begin select raise(abort, 'soyuznik: an answer is changed, not replaced'); end;

create trigger answer_frozen before update on answer
when (new.rendering_json <> old.rendering_json or new.rendering_sha256 <> old.rendering_sha256
        or new.case_id <> old.case_id or new.id <> old.id)
    and exists (select 1 from approval p join published b on b.approval_id = p.id where p.answer_id = old.id)
begin select raise(abort, 'soyuznik: an answer that was sent does not change'); end;

create trigger answer_edited after update on answer
when new.rendering_json <> old.rendering_json or new.rendering_sha256 <> old.rendering_sha256
begin
    update approval
    set voided_ms = cast((julianday('now') - 2440587.5) * 86400000.0 as integer), void_reason = 'edited'
    where answer_id = old.id and voided_ms is null;
end;

create trigger approval_new before insert on approval
when new.voided_ms is not null or exists (select 1 from approval p where p.id = new.id)
begin select raise(abort, 'soyuznik: an approval begins valid and is never replaced'); end;

create trigger approval_of_this_text before insert on approval
when not exists (select 1 from answer a where a.id = new.answer_id and a.case_id = new.case_id
    and a.rendering_sha256 = new.rendering_sha256 and a.rendering_json = new.rendering_json)
begin select raise(abort, 'soyuznik: the approved text is not the text of the answer'); end;

create trigger approval_by_lawyer before insert on approval
when not exists (
    select 1 from case_ c
    join organisation co on co.id = c.organisation_id
    join grant_ g on g.person_id = new.approver_id and g.role = 'lawyer'
    join organisation go on go.id = g.organisation_id
    join person r on r.id = g.person_id and r.disabled_ms is null
    where c.id = new.case_id and c.member_id <> new.approver_id
      and substr(co.path, 1, length(go.path)) = go.path)
begin select raise(abort, 'soyuznik: the approver is no lawyer of this case'); end;

create trigger approval_fixed before update on approval
when new.id <> old.id or new.answer_id <> old.answer_id or new.case_id <> old.case_id
    or new.rendering_json <> old.rendering_json or new.rendering_sha256 <> old.rendering_sha256
    or new.approver_id <> old.approver_id or new.approved_ms <> old.approved_ms
    or old.voided_ms is not null or new.voided_ms is null
begin select raise(abort, 'soyuznik: an approval can only be voided, and once'); end;

create trigger approval_sent before update on approval
when exists (select 1 from published b where b.approval_id = old.id)
begin select raise(abort, 'soyuznik: what was sent can not be taken back'); end;

create trigger approval_voided after update on approval
when new.voided_ms is not null
begin delete from outbox where approval_id = old.id and state <> 'sent'; end;

create trigger approval_kept before delete on approval
when not exists (select 1 from erasure e where e.case_id = old.case_id)
begin select raise(abort, 'soyuznik: approvals are kept'); end;

create trigger outbox_new before insert on outbox
when new.state <> 'queued' or new.sent_ms is not null
    or exists (select 1 from outbox o where o.id = new.id or o.message_id = new.message_id
        or (o.approval_id = new.approval_id and o.channel = new.channel))
    or not exists (select 1 from approval p join answer a on a.id = p.answer_id
        where p.id = new.approval_id and p.voided_ms is null and p.answer_id = new.answer_id
          and p.rendering_sha256 = new.rendering_sha256 and a.rendering_sha256 = new.rendering_sha256)
begin select raise(abort, 'soyuznik: only an approved answer may be sent'); end;

create trigger outbox_fixed before update on outbox
when new.id <> old.id or new.case_id <> old.case_id or new.answer_id <> old.answer_id
    or new.approval_id <> old.approval_id or new.rendering_sha256 <> old.rendering_sha256
    or new.channel <> old.channel or new.message_id <> old.message_id
    or new.not_before_ms <> old.not_before_ms or coalesce(new.recipient, '') <> coalesce(old.recipient, '')
    or old.state = 'sent'
begin select raise(abort, 'soyuznik: only the outcome of a sending changes'); end;

create trigger published_new before insert on published
when exists (select 1 from published b where b.approval_id = new.approval_id)
    or not exists (select 1 from deliverable d
        where d.approval_id = new.approval_id and d.case_id = new.case_id and d.channel = 'page'
          and d.rendering_sha256 = new.rendering_sha256 and d.rendering_json = new.rendering_json)
begin select raise(abort, 'soyuznik: only an approved answer may be published'); end;

create trigger published_fixed before update on published
begin select raise(abort, 'soyuznik: what was published does not change'); end;

create trigger published_kept before delete on published
when not exists (select 1 from erasure e where e.case_id = old.case_id)
begin select raise(abort, 'soyuznik: what was published is kept'); end;

create trigger erasure_new before insert on erasure
when exists (select 1 from erasure e where e.case_id = new.case_id)
begin select raise(abort, 'soyuznik: an act of erasure is kept'); end;

create trigger erasure_fixed before update on erasure
begin select raise(abort, 'soyuznik: an act of erasure does not change'); end;

create trigger erasure_kept before delete on erasure
begin select raise(abort, 'soyuznik: an act of erasure is kept'); end;

create trigger audit_appended before insert on audit
when new.seq <> coalesce((select max(seq) from audit), 0) + 1
    or new.prev_hash <> coalesce((select hash from audit order by seq desc limit 1), '')
begin select raise(abort, 'soyuznik: the journal is only appended to'); end;

create trigger audit_fixed before update on audit
begin select raise(abort, 'soyuznik: the journal does not change'); end;

create trigger audit_kept before delete on audit
begin select raise(abort, 'soyuznik: the journal is kept'); end;
