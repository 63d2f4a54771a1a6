-- Sign-in begin: gives a ticket a number, or returns its number again. An address may have several tickets.
--
-- KEYS[1] the ticket (hash): d digest of its number, s sealed number, e its expiry, m mails, w wrong tries
--     [2…] logs of mails to the address (sorted sets of moments), one for each budget
-- arg.now         ms, or '' for the clock of Redis
-- arg.lifeMs      life of a number
-- arg.mostMails   most mails of a ticket
-- arg.decoy       '1' for a decoy, which writes nothing
-- arg.digest      of the number
-- arg.sealed      the number
-- arg.ticket      its id
-- For each log:
-- each.name       its name
-- each.rates      "max:windowMs,…"
-- each.older      its moments under older keys of the ring: "ms,…". On a Cluster those are on other nodes
--
-- Replies {'refused', 'decoy', 'mails' or the name of a log}
--         {'number', sealed number, expiry, how many mails the ticket has had with this one}
--- @include clock

local now = clock(arg.now)
local life, most_mails, decoy = tonumber(arg.lifeMs), tonumber(arg.mostMails), arg.decoy == '1'

local longest = {}
local refused
for at = 2, #KEYS do
  local group = each.width * (at - 2)
  local name, rates, older = ARGV[each.name + group], ARGV[each.rates + group], ARGV[each.older + group]
  longest[at] = 0
  for max, window in string.gmatch(rates, '(%d+):(%d+)') do
    longest[at] = math.max(longest[at], tonumber(window))
    local begin = now - tonumber(window)
    -- Later ones are of before the clock was set back.
    local count = redis.call('ZCOUNT', KEYS[at], '(' .. begin, now)
    for moment in string.gmatch(older, '%d+') do
      if tonumber(moment) > begin and tonumber(moment) <= now then count = count + 1 end
    end
    if count >= tonumber(max) and not refused then refused = name end
  end
end
local ticket = redis.call('HMGET', KEYS[1], 's', 'e', 'm')
if decoy then return { 'refused', 'decoy' } end
if refused then return { 'refused', refused } end
local mails = tonumber(ticket[3] or 0)
if mails >= most_mails then return { 'refused', 'mails' } end

local sealed, expires = ticket[1], ticket[2]
if not sealed then
  sealed, expires = arg.sealed, string.format('%.0f', now + life)
  redis.call('HSET', KEYS[1], 'd', arg.digest, 's', sealed, 'e', expires, 'w', '0')
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', life))
end
redis.call('HSET', KEYS[1], 'm', tostring(mails + 1))
for at = 2, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[at], '-inf', now - longest[at])
  redis.call('ZADD', KEYS[at], now, arg.ticket .. ':' .. mails)
  redis.call('PEXPIRE', KEYS[at], string.format('%.0f', longest[at]))
end
return { 'number', sealed, expires, mails + 1 }
