package dev.finch.routing;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * What all prompts share.
 *
 * @param settings limits
 * @param router decides
 * @param books are told of what leaves this machine, before it does
 */
record ExchangeContext(
    RoutingSettings settings,
    ActorRef<Router.Command> router,
    ActorRef<Bookkeeper.Command> books) {}
