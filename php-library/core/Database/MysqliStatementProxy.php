<?php

declare(strict_types=1);

namespace Swoole\Database;

/**
 * A statement of {@see MysqliProxy}: when its connection is lost it is prepared again on the new one, with what was set and bound.
 *
 * @mixin \mysqli_stmt
 */
class MysqliStatementProxy extends ObjectProxy
{
    public const IO_METHOD_REGEX = '/^close|execute|fetch|prepare$/i';

    private const ATTEMPTS = 3;

    /** @var \mysqli_stmt */
    protected $__object;

    protected ?string $queryString;

    protected array $attrSetContext = [];

    protected array $bindParamContext;

    protected array $bindResultContext;

    protected MysqliProxy $parent;

    protected int $parentRound;

    /** @param string|null $queryString null until it is prepared */
    public function __construct(\mysqli_stmt $object, ?string $queryString, MysqliProxy $parent)
    {
        parent::__construct($object);
        $this->queryString = $queryString;
        $this->parent = $parent;
        $this->parentRound = $parent->getRound();
    }

    public function __call(string $name, array $arguments)
    {
        for ($attempt = 1; ; $attempt++) {
            $error = null;
            try {
                $result = @$this->__object->$name(...$arguments);
            } catch (\mysqli_sql_exception $error) {
                $result = false;
            }
            if ($result !== false) {
                break;
            }
            if ($error === null && !preg_match(static::IO_METHOD_REGEX, $name)) {
                return false;
            }
            $number = $error?->getCode() ?? $this->__object->errno;
            if ($error === null && $number === 0) {
                // The end of the rows, not a failure.
                return false;
            }
            if ($attempt === self::ATTEMPTS || !in_array($number, $this->parent::IO_ERRORS, true)) {
                throw $error ?? new MysqliException($this->__object->error, $number);
            }
            $this->prepareAgain();
        }
        if (strcasecmp($name, 'prepare') === 0) {
            $this->queryString = $arguments[0];
        }
        return $result;
    }

    public function attr_set($attr, $mode): bool
    {
        $this->attrSetContext[$attr] = $mode;
        return $this->__object->attr_set($attr, $mode);
    }

    public function bind_param($types, &...$arguments): bool
    {
        $this->bindParamContext = [$types, $arguments];
        return $this->__object->bind_param($types, ...$arguments);
    }

    public function bind_result(&...$arguments): bool
    {
        $this->bindResultContext = $arguments;
        return $this->__object->bind_result(...$arguments);
    }

    private function prepareAgain(): void
    {
        if ($this->parent->getRound() === $this->parentRound) {
            // Otherwise somebody else has connected again already.
            $this->parent->reconnect();
        }
        $this->parentRound = $this->parent->getRound();
        $connection = $this->parent->__getObject();
        $statement = $this->queryString === null ? $connection->stmt_init() : $connection->prepare($this->queryString);
        if ($statement === false) {
            throw new MysqliException($connection->error, $connection->errno);
        }
        $this->__object = $statement;
        if (isset($this->bindParamContext)) {
            $statement->bind_param($this->bindParamContext[0], ...$this->bindParamContext[1]);
        }
        if (isset($this->bindResultContext)) {
            $statement->bind_result(...$this->bindResultContext);
        }
        foreach ($this->attrSetContext as $attribute => $mode) {
            $statement->attr_set($attribute, $mode);
        }
    }
}
