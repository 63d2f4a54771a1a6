-- Moves a message to the list of a state that it reached without an attempt, and off the other lists.
--
-- ARGV[1]  name of the message
-- ARGV[2]  the state
-- ARGV[3]  time of the change, Unix milliseconds
--
-- Replies  nothing
remove_from('under-way', ARGV[1])
remove_from('state:deferred', ARGV[1])
add_to('state:' .. ARGV[2], ARGV[3], ARGV[1])
