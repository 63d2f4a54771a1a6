-- Ends a sign-in: a ticket's number is traded once; a wrong one counts against this ticket, and against no other.
--
-- KEYS[1] the ticket (sign-in-begin.lua)
-- ARGV 1 now in ms or '' for Redis's clock   2 digest of the number that was typed   3 wrong tries that end the number
-- Replies {'none'} no such ticket, or its time is over   {'wrong'}   {'right'}

local ticket = redis.call('HMGET', KEYS[1], 'd', 'e', 'w')
if not ticket[1] then return { 'none' } end
local now = tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
if now >= tonumber(ticket[2]) then return { 'none' } end
if ticket[1] == ARGV[2] then
  redis.call('DEL', KEYS[1])
  return { 'right' }
end
local wrong = tonumber(ticket[3]) + 1
-- It stays until its time is over, so that asking again in this browser gives no fresh tries.
redis.call('HSET', KEYS[1], 'w', tostring(wrong))
if wrong >= tonumber(ARGV[3]) then redis.call('HSET', KEYS[1], 'd', '') end
return { 'wrong' }
