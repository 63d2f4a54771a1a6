-- Notify: something happened at these tenants (store/notifications.ts).
--
-- KEYS[1]  stream of notifications, of which readers need the newest alone
-- arg.tenants   their ids, with spaces between them
--
-- Replies the entry's id

local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', 1000, '*', 't', arg.tenants)
redis.call('PEXPIRE', KEYS[1], 3600000)
return id
