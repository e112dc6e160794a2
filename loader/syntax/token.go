package syntax

import "unicode/utf8"

// token is a kind of token. The text of most is found at the scanner's place.
type token uint8

const (
	tokEOF token = iota
	tokStray

	tokIdent
	tokOrWord // or
	tokInt
	tokFloat
	tokQuote    // "
	tokIndented // ''
	tokPath
	tokHomePath
	tokSearchPath
	tokURI
	tokRec
	tokLet
	tokParen
	tokBracket
	tokBrace
	tokInterpolation // ${

	tokIf
	tokThen
	tokElse
	tokAssert
	tokWith
	tokIn
	tokInherit

	tokCloseParen
	tokCloseBracket
	tokCloseBrace
	tokSemicolon
	tokColon
	tokComma
	tokAt
	tokDot
	tokEllipsis
	tokAssign
	tokQuestion

	tokConcat
	tokMul
	tokDiv
	tokPlus
	tokMinus
	tokNot
	tokUpdate
	tokLess
	tokLessEq
	tokGreater
	tokGreaterEq
	tokEqual
	tokNotEqual
	tokAnd
	tokOr
	tokImplies
	tokPipeTo
	tokPipeFrom

	tokens // how many there are
)

// keyword is the token of a word.
func keyword(word string) token {
	if len(word) > len("inherit") || classes[word[0]]&classKeyword == 0 {
		return tokIdent
	}
	switch word {
	case "if":
		return tokIf
	case "in":
		return tokIn
	case "or":
		return tokOrWord
	case "let":
		return tokLet
	case "rec":
		return tokRec
	case "then":
		return tokThen
	case "else":
		return tokElse
	case "with":
		return tokWith
	case "assert":
		return tokAssert
	case "inherit":
		return tokInherit
	}
	return tokIdent
}

// Classes of bytes.
const (
	classSpace     = 1 << iota
	classLetter    // starts a word
	classKeyword   // starts a keyword
	classWord      // stands in a word
	classPath      // stands in a path
	classURI       // stands after a URI's colon
	classAfterWord // after a word: the word may be the start of a path or a URI
)

var classes = classTable()

func classTable() (t [256]uint8) {
	set := func(class uint8, chars string) {
		for i := range len(chars) {
			t[chars[i]] |= class
		}
	}
	const (
		letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		numbers = "0123456789"
	)
	set(classSpace, " \t\r\n")
	set(classLetter, letters+"_")
	set(classKeyword, "iolrtewa")
	set(classWord, letters+numbers+"_'-")
	set(classPath, letters+numbers+"._-+")
	set(classURI, letters+numbers+"%/?:@&=+$,-_.!~*'")
	set(classAfterWord, "/:.+")
	return t
}

// single holds the tokens of one byte that start no other token.
var single = [256]token{
	'(': tokParen, ')': tokCloseParen, '[': tokBracket, ']': tokCloseBracket, '{': tokBrace, '}': tokCloseBrace,
	'"': tokQuote, ';': tokSemicolon, ':': tokColon, ',': tokComma, '@': tokAt, '?': tokQuestion, '*': tokMul,
}

// precedence is how tight a binary operator binds; 0 is none.
type precedence uint8

const (
	precPipe precedence = iota + 1
	precImplies
	precOr
	precAnd
	precEqual
	precCompare
	precUpdate
	precNot
	precSum
	precProduct
	precConcat
	precHas
)

// operator is a token as a binary operator.
type operator struct {
	prec  precedence
	assoc assoc
	op    Op
}

type assoc uint8

const (
	left assoc = iota
	right
	none // a == b == c is refused
)

var operators = [tokens]operator{
	tokPipeTo:    {precPipe, left, PipeTo},
	tokPipeFrom:  {precPipe, right, PipeFrom},
	tokImplies:   {precImplies, right, Implies},
	tokOr:        {precOr, left, Or},
	tokAnd:       {precAnd, left, And},
	tokEqual:     {precEqual, none, Equal},
	tokNotEqual:  {precEqual, none, NotEqual},
	tokLess:      {precCompare, none, Less},
	tokLessEq:    {precCompare, none, LessEq},
	tokGreater:   {precCompare, none, Greater},
	tokGreaterEq: {precCompare, none, GreaterEq},
	tokUpdate:    {precUpdate, right, Update},
	tokPlus:      {precSum, left, Add},
	tokMinus:     {precSum, left, Sub},
	tokMul:       {precProduct, left, Mul},
	tokDiv:       {precProduct, left, Div},
	tokConcat:    {precConcat, right, Concat},
	tokQuestion:  {prec: precHas},
}

// startsOperand holds the tokens that an argument, or an element of a list, starts with.
var startsOperand = [tokens]bool{
	tokIdent: true, tokInt: true, tokFloat: true, tokQuote: true, tokIndented: true, tokPath: true, tokHomePath: true,
	tokSearchPath: true, tokURI: true, tokRec: true, tokParen: true, tokBracket: true, tokBrace: true,
}

// runeLen is how many bytes the first character of s has.
func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
