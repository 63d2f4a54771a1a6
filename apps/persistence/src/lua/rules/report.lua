-- Report: how mails fared, told by who sent them. Each fate of a mail is told once, however often it is reported.
--
-- ARGV 1 now in ms, or '' for Redis's clock
--      2… three by three: kind ('sent', 'deferred' or 'bounced'), identity (number digest and salt), and the digest of the mail's id
--      or ''. A 'sent' without it is what the send was answered with; with it, what the queue did later.
-- Replies how many were news
--
-- Of most mails the send's answer is all there is to tell, so one bit in the identity's record is enough for them: it says that the fate of its
-- newest mail has been told. Mails with a later fate keep theirs beside it, one letter each.

local now, news = clock(ARGV[1]), 0
for i = 2, #ARGV, 3 do
  local kind, member, mail = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local key = prefix .. 'n:' .. string.sub(member, 1, 12)
  local record = redis.call('GET', key)
  local live = record and salt_of(record) == string.sub(member, 13)
  local tries = live and string.byte(record, 2) or 0
  local fates = mail ~= '' and redis.call('GET', prefix .. 'f:' .. mail) or ''
  local letter = string.sub(kind, 1, 1)

  local is_news
  if string.find(fates, letter, 1, true) then
    is_news = false
  elseif kind == 'bounced' or (mail ~= '' and string.find(fates, 'd', 1, true)) then
    is_news = true
  else
    is_news = tries < 128
  end

  if is_news then
    if live and tries < 128 and kind ~= 'bounced' then
      redis.call('SETRANGE', key, 1, string.char(tries + 128))
    end
    if mail ~= '' then redis.call('SET', prefix .. 'f:' .. mail, fates .. letter, 'PX', LONGEST) end
    happened(now, kind, member)
    news = news + 1
  end
end
return news
