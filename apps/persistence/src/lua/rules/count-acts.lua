-- Count acts: counts an act in its window.
--
-- KEYS[1]        the counter
-- arg.most       most acts in a window
-- arg.windowMs   its length
--
-- Replies 0 counted   else not counted: the ms until the window ends

local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count >= tonumber(arg.most) then return math.max(1, redis.call('PTTL', KEYS[1])) end
if count == 0 then
  redis.call('SET', KEYS[1], '1', 'PX', arg.windowMs)
else
  redis.call('INCRBY', KEYS[1], 1)
end
return 0
