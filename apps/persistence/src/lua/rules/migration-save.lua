-- Migration, save: writes how far a migration has come, if this service still has the lock.
--
-- KEYS[1] the lock   KEYS[2] hash: how far each migration has come
-- arg.token       the lock's
-- arg.migration   its name
-- arg.next        where its next step begins, behind 'at ', or 'done'
-- arg.lockMs      life of the lock
--
-- Replies 1 written; the lock begins anew, or is free after the last step   0 another service has the lock

if redis.call('GET', KEYS[1]) ~= arg.token then return 0 end
redis.call('HSET', KEYS[2], arg.migration, arg.next)
if arg.next == 'done' then redis.call('DEL', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], arg.lockMs) end
return 1
