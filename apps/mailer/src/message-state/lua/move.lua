-- Puts a message into the list of a state that it has reached otherwise than by an attempt, and takes it out of the others it may
-- stand in.
--
-- ARGV[1]  name of the message
-- ARGV[2]  the state
-- ARGV[3]  moment of the change, Unix milliseconds
--
-- Replies  nothing
remove_from('under-way', ARGV[1])
remove_from('state:deferred', ARGV[1])
add_to('state:' .. ARGV[2], ARGV[3], ARGV[1])
