<?php

namespace Swoole\NameResolver {
    /**
     * What a name is looked up for. Kept between look-ups of one name, it gives the nodes of a cluster one after the other.
     *
     * @native Context
     * @not-serializable
     */
    class Context
    {
        /**
         * @param int $family `AF_INET` or `AF_INET6`
         * @param bool $withPort whether a node's port is part of the answer, as `address:port`
         */
        public function __construct(int $family = AF_INET, bool $withPort = false)
        {
        }
    }
}

namespace {
    /**
     * The address of a name: from the first of the registered resolvers that knows it, else from the system.
     *
     * @param string $name the name
     * @param Swoole\NameResolver\Context $ctx what it is for
     * @return string empty when there is none
     */
    function swoole_name_resolver_lookup(string $name, Swoole\NameResolver\Context $ctx): string
    {
    }

    /**
     * Registers a resolver behind the others.
     *
     * @return bool false, with a warning, when it is none
     */
    function swoole_name_resolver_add(Swoole\NameResolver $ns): bool
    {
    }

    /**
     * Removes a resolver.
     *
     * @return bool false when it is not registered
     */
    function swoole_name_resolver_remove(Swoole\NameResolver $ns): bool
    {
    }
}
