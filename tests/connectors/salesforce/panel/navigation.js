// Navigation that remembers where it was sent.
const Navigate = Symbol("Navigate");

export const navigated = jest.fn();

export const NavigationMixin = (Base) =>
  class extends Base {
    [Navigate](page) {
      navigated(page);
    }
  };
NavigationMixin.Navigate = Navigate;
