// Made-up applicants with numbers that pass the checks of the standards; nobody real.

/** GB 11643: an id of Heping district, born on 1940-01-01, old enough for the allowance, with its check digit. */
export function residentId(running) {
  const body = `21010219400101${String(running).padStart(3, "0")}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return body + "10X98765432"[sum % 11];
}

/** A card number with its Luhn digit. */
export function bankCard(running) {
  const body = `62220200${String(running).padStart(10, "0")}`;
  const sum = [...body].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
}

/** Answers by the names of the fields that ask for them. */
export function applicant(running) {
  return {
    name: "李岺",
    resident_id: residentId(running),
    telephone: `1380013${String(running).padStart(4, "0")}`,
    bank_card: bankCard(running),
    address: "文安路1号1-1-1",
  };
}
