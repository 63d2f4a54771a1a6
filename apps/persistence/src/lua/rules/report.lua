-- Report: records delivery outcomes of mails. Each outcome of a mail is recorded once, even if it is reported
-- again.
--
-- arg.now        ms, or '' for the clock of Redis
-- For each outcome:
-- each.outcome   'sent', 'deferred' or 'bounced'
-- each.member    the identity: number digest and salt
-- each.mail      digest of the mail's id, or ''. A 'sent' without it is the reply to the send call. A 'sent'
--                with it is from the retry queue
-- each.detail    sealed detail of the event, or ''
-- each.reason    the class of why it was deferred or bounced, or ''
--
-- Replies how many were new
--
-- Most mails have one outcome, the reply to the send call. For them one bit in the identity's record is
-- enough: the outcome of its newest mail was recorded. Later outcomes of a mail have a key with their
-- initials.
--- @include clock
--- @include partition
--- @include events

local now, recorded = clock(arg.now), 0
for i = each.outcome, #ARGV, each.width do
  local kind, member = ARGV[i], ARGV[i + each.member - each.outcome]
  local mail, detail = ARGV[i + each.mail - each.outcome], ARGV[i + each.detail - each.outcome]
  local key = prefix .. 'n:' .. string.sub(member, 1, 12)
  local record = redis.call('GET', key)
  local live = record and salt_of(record) == string.sub(member, 13)
  local tries = live and string.byte(record, 2) or 0
  local outcomes = mail ~= '' and redis.call('GET', prefix .. 'f:' .. mail) or ''
  local initial = string.sub(kind, 1, 1)

  local is_new
  if string.find(outcomes, initial, 1, true) then
    is_new = false
  elseif kind == 'bounced' or (mail ~= '' and string.find(outcomes, 'd', 1, true)) then
    is_new = true
  else
    is_new = tries < 128
  end

  if is_new then
    if live and tries < 128 and kind ~= 'bounced' then
      redis.call('SETRANGE', key, 1, string.char(tries + 128))
    end
    if mail ~= '' then redis.call('SET', prefix .. 'f:' .. mail, outcomes .. initial, 'PX', LONGEST) end
    happened(now, kind, member, detail)
    if kind ~= 'sent' then tally_reason(now, kind, ARGV[i + each.reason - each.outcome]) end
    if live and kind == 'sent' then tally_delivery(now, string.sub(member, 1, 12), record) end
    recorded = recorded + 1
  end
end
return recorded
