-- Sign-in finish: uses up the number of a ticket. A wrong number counts only against this ticket.
--
-- KEYS[1]         the ticket (sign-in-begin.lua)
-- arg.now         ms, or '' for the clock of Redis
-- arg.digest      of the entered number
-- arg.mostTries   wrong tries that use the number up
--
-- Replies {'none'} there is no such ticket, or it has expired   {'wrong'}   {'right'}
--- @include clock

local ticket = redis.call('HMGET', KEYS[1], 'd', 'e', 'w')
if not ticket[1] then return { 'none' } end
if clock(arg.now) >= tonumber(ticket[2]) then return { 'none' } end
if ticket[1] == arg.digest then
  redis.call('DEL', KEYS[1])
  return { 'right' }
end
local wrong = tonumber(ticket[3]) + 1
-- The ticket stays until it expires, so that beginning again in this browser gives no new tries.
redis.call('HSET', KEYS[1], 'w', tostring(wrong))
if wrong >= tonumber(arg.mostTries) then redis.call('HSET', KEYS[1], 'd', '') end
return { 'wrong' }
