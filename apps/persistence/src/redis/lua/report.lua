-- Report: how mails fared, told by who sent them. What is told twice of one mail counts once, as long as its number lives.
--
-- ARGV 1 now in ms, or '' for Redis's clock   2… pairs of kind ('sent' or 'deferred') and identity (number digest and salt)
-- Replies how many were news

local now, news = clock(ARGV[1]), 0
for i = 2, #ARGV, 2 do
  local kind, member = ARGV[i], ARGV[i + 1]
  local key = space .. 'n:' .. string.sub(member, 1, 12)
  local record = redis.call('GET', key)
  local known = false
  if record and salt_of(record) == string.sub(member, 13) then
    local tries = string.byte(record, 2)
    known = tries >= 128
    if not known then redis.call('SETRANGE', key, 1, string.char(tries + 128)) end
  end
  if not known then
    happened(now, kind, member)
    news = news + 1
  end
end
return news
