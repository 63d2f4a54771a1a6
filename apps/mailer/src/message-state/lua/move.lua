-- Moves a message to the list of a state that it reached without an attempt, and off the other lists.
--
-- arg.name    name of the message
-- arg.state   the state
-- arg.now     time of the change, Unix milliseconds
--
-- Replies nothing
--- @include partition

remove_from('under-way', arg.name)
remove_from('state:deferred', arg.name)
add_to('state:' .. arg.state, arg.now, arg.name)
